// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.spark;

import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapred.JobConf;

/**
 * A Hadoop configuration with the stream to write to.
 *
 * <p>Spark's encoders take a path and a configuration and open the file system of the path with the
 * same configuration object (CodecStreams and ParquetOutputWriter, Spark 3.5.9). A JobConf, because
 * TaskAttemptContextImpl copies every other kind (JobContextImpl, Hadoop 3.4.3). So the bytes reach
 * their writer without static state.
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
