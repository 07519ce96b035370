package io.letsdata.store;

/** One object of a listing. The listing says it existed then, not that it still does. */
public record ListedObject(ObjectLocation location, ObjectStat stat) {}
