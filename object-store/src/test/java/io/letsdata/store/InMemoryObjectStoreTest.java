package io.letsdata.store;

class InMemoryObjectStoreTest extends ObjectStoreRaceContract {

  private final ObjectStore store = new InMemoryObjectStore("bucket");

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected String bucket() {
    return "bucket";
  }
}
