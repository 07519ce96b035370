// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.letsdata.fixtures.store.CountingObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.RequestCounts;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LeftoversTest {
  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  private final CountingObjectStore store = new CountingObjectStore(memory);
  private final ObjectLocation root = new ObjectLocation("b", "runs/app-1-0123456789abcdef");

  private void put(ObjectLocation location) throws IOException {
    String unused = memory.put(location, ObjectContent.ofUtf8("late"));
  }

  @Test
  void endOfAnApplicationThatLeftNothingCostsTwoLists() {
    Leftovers.delete(store, root, Leftovers.AT_MOST);

    assertThat(requests(store.counts())).isEqualTo(2);
  }

  @Test
  void onlyObjectsAndUploadsOfTheApplicationAreDeleted() throws IOException {
    ObjectLocation neighbour = new ObjectLocation("b", root.key() + "0/shuffle/00/0-1-x");
    put(neighbour);
    for (int i = 0; i < 1_001; i++) {
      put(root.resolve("shuffle/00/0-" + i + "-x"));
    }
    MultipartUpload left = memory.startMultipart(root.resolve("shuffle/00/1-1-x"));

    Leftovers.delete(store, root, Leftovers.AT_MOST);

    assertThat(left).isNotNull();
    assertThat(memory.keys("b")).containsExactly(neighbour.key());
    assertThat(memory.pendingUploads()).isZero();
    // Lists: uploads and two thousands; deletions: an upload and two thousands.
    assertThat(requests(store.counts())).isEqualTo(3 + 3);
  }

  @Test
  void neitherTheTimeLimitNorAFailingStoreDelaysTheEnd() throws IOException {
    put(root.resolve("shuffle/00/0-1-x"));

    Leftovers.delete(store, root, Duration.ZERO);
    assertThatCode(
            () -> Leftovers.delete(store, new ObjectLocation("gone", "r"), Leftovers.AT_MOST))
        .doesNotThrowAnyException();

    assertThat(memory.keys("b")).hasSize(1);
  }

  private static long requests(RequestCounts counts) {
    return counts.put()
        + counts.get()
        + counts.head()
        + counts.post()
        + counts.delete()
        + counts.list();
  }
}
