// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.S3ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Lets the local S3 server's JVM compile what a shuffle asks of it. A store that has just been
 * started takes three times the CPU of one that has served for a minute.
 */
final class StoreWarmUp {
  private static final int ROUNDS = 10;
  private static final int OBJECTS = 20;
  private static final int RANGES = 20;
  private static final int RANGE_BYTES = 295_000;

  private StoreWarmUp() {}

  /** Some twenty seconds: ten times the bytes and requests of a shuffle of 118 MB, 20 x 20. */
  static void run(StoreSettings settings, String bucket) throws IOException {
    byte[] bytes = new byte[RANGES * RANGE_BYTES];
    new SplittableRandom(1).nextBytes(bytes);
    List<ObjectLocation> objects = new ArrayList<>();
    for (int i = 0; i < OBJECTS; i++) {
      objects.add(ObjectLocation.parse("s3://" + bucket + "/warm-up/" + i));
    }
    try (ObjectStore store = S3ObjectStore.create(settings, new RequestMeter())) {
      for (int round = 0; round < ROUNDS; round++) {
        for (ObjectLocation object : objects) {
          String unused = store.put(object, ObjectContent.of(bytes));
          for (long start = 0; start < bytes.length; start += RANGE_BYTES) {
            ByteRange range = new ByteRange(start, start + RANGE_BYTES);
            try (ObjectBody body = store.open(object, range, Optional.empty())) {
              body.skipNBytes(RANGE_BYTES);
            }
          }
        }
      }
      store.delete(objects);
    }
  }
}
