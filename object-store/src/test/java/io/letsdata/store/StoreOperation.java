package io.letsdata.store;

/** What a caller asked an {@link ObjectStore} for. */
public enum StoreOperation {
  STAT,
  OPEN,
  PUT,
  PUT_IF_ABSENT,
  START_MULTIPART,
  UPLOAD_PART,
  COMPLETE_MULTIPART,
  COMPLETE_MULTIPART_IF_ABSENT,
  ABORT_MULTIPART,
  LIST,
  DELETE;

  /** Its answer cannot be told from a repetition's. */
  boolean conditional() {
    return this == PUT_IF_ABSENT
        || this == COMPLETE_MULTIPART
        || this == COMPLETE_MULTIPART_IF_ABSENT;
  }
}
