// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.spark;

import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapred.JobConf;

/**
 * A Hadoop configuration that carries the stream to write into.
 *
 * <p>Spark's encoders take a path and a configuration and open the path's file system with that
 * very configuration object (CodecStreams and ParquetOutputWriter, Spark 3.5.9). A JobConf, because
 * TaskAttemptContextImpl copies every other kind (JobContextImpl, Hadoop 3.4.3). So nothing static
 * is needed to lead the bytes to their writer.
 */
final class StreamConf extends JobConf {
  private final OutputStream stream;

  StreamConf(Configuration base, OutputStream stream) {
    super(base);
    this.stream = stream;
    set("fs." + StreamFileSystem.SCHEME + ".impl", StreamFileSystem.class.getName());
    setBoolean("fs." + StreamFileSystem.SCHEME + ".impl.disable.cache", true);
  }

  OutputStream stream() {
    return stream;
  }
}
