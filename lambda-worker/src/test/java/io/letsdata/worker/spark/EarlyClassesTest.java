// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.options.UserErrorException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EarlyClassesTest {
  private static final String JAR = "spark://driver:1/jars/my.jar";

  /** Has the JDK's classes and not those of this test. */
  private static final ClassLoader FUNCTION = ClassLoader.getPlatformClassLoader();

  private final List<String> opened = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.serializer",
        "spark.io.compression.codec",
        "spark.storage.replication.policy",
        "spark.metrics.conf.executor.sink.own.class"
      })
  void classOfAJarOfTheSessionIsLoadedFromIt(String setting) throws Exception {
    SparkConf conf = conf(setting, Own.class.getName());

    ClassLoader loader = EarlyClasses.loader(conf, FUNCTION, this::open);

    assertThat(loader.loadClass(Own.class.getName()).getClassLoader()).isSameAs(loader);
    assertThat(loader.getParent()).isSameAs(FUNCTION);
    assertThat(opened).containsExactly(JAR);
  }

  @Test
  void noJarIsReadWhenTheFunctionHasTheClasses() throws Exception {
    SparkConf conf =
        conf("spark.serializer", "java.lang.String").set("spark.io.compression.codec", "zstd");

    assertThat(EarlyClasses.loader(conf, FUNCTION, this::open)).isSameAs(FUNCTION);
    assertThat(opened).isEmpty();
  }

  @Test
  void classThatIsInNoJarIsNamedWithItsSetting() {
    SparkConf conf = conf("spark.serializer", "com.example.NotThere");

    assertThatThrownBy(() -> EarlyClasses.loader(conf, FUNCTION, this::open))
        .isInstanceOf(UserErrorException.class)
        .hasMessage(
            "Cannot start the worker: spark.serializer names class com.example.NotThere, which"
                + " neither the function nor a jar of the session has. Name its jar in"
                + " spark.jars.");
  }

  private static SparkConf conf(String setting, String value) {
    return new SparkConf(false)
        .set(setting, value)
        .set("spark.app.initial.jar.urls", JAR + ",https://repository.test/other.jar");
  }

  private ReadableByteChannel open(String url) {
    opened.add(url);
    String entry = Own.class.getName().replace('.', '/') + ".class";
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    try (JarOutputStream entries = new JarOutputStream(jar);
        InputStream code =
            Objects.requireNonNull(Own.class.getClassLoader().getResourceAsStream(entry))) {
      entries.putNextEntry(new JarEntry(entry));
      code.transferTo(entries);
      entries.closeEntry();
      entries.finish();
      return Channels.newChannel(new ByteArrayInputStream(jar.toByteArray()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stands for a serializer of the user. */
  public static final class Own {
    private Own() {}
  }
}
