// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.CountingObjectStore;
import io.letsdata.fixtures.store.S3ProxyServer;
import io.letsdata.store.ByteRange;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestMeterIT {

  @Test
  void everyMethodCostsTheRequestsOfItsDocumentation(@TempDir Path folder) throws IOException {
    RequestMeter meter = new RequestMeter();
    try (S3ProxyServer server = S3ProxyServer.start(S3ProxyServer.builtJars(), folder, "bucket");
        ObjectStore s3 = S3ObjectStore.create(server.settings(), meter);
        CountingObjectStore counting = new CountingObjectStore(s3)) {
      ObjectLocation a = ObjectLocation.parse("s3://bucket/a");
      ObjectLocation c = ObjectLocation.parse("s3://bucket/c");

      counting.put(a, ObjectContent.ofUtf8("0123456789"));
      counting.putIfAbsent(a, ObjectContent.ofUtf8("0123456789"));
      counting.stat(a);
      counting.stat(c);
      counting.read(a);
      counting.read(a, new ByteRange(2, 5));
      counting.openTail(a, 4).readAllBytes();
      MultipartUpload upload = counting.startMultipart(c);
      upload.uploadPart(1, ObjectContent.ofUtf8("01234"));
      upload.complete();
      counting.startMultipart(c).abort();
      counting.list("bucket", "", Optional.empty(), 10);
      counting.delete(List.of(a, c));

      RequestCounts expected = new RequestCounts(3, 3, 2, 1, 2, 3, 17, 25, 0);
      assertThat(meter.counts()).isEqualTo(expected);
      assertThat(counting.counts()).isEqualTo(expected);
    }
  }
}
