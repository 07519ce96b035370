// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

@SuppressWarnings("UnusedVariable") // fields are what serialization keeps or loses
final class FaithfulValuesTest {
  private final FaithfulValues faithful = new FaithfulValues();

  private static class Plain implements Serializable {
    private static final long serialVersionUID = 1;

    final int number = 1;
    final String text = "a";
  }

  private static class Scored implements Serializable {
    private static final long serialVersionUID = 1;

    final transient int score = 1;
  }

  private static class Restored implements Serializable {
    private static final long serialVersionUID = 1;

    transient int score = 1;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      score = 1;
    }
  }

  private static class NotWritten {
    int state = 1;
  }

  private static class Derived extends NotWritten implements Serializable {
    private static final long serialVersionUID = 1;
  }

  private static class Throwing implements Serializable {
    private static final long serialVersionUID = 1;

    private void writeObject(ObjectOutputStream unused) {
      throw new IllegalStateException("no");
    }
  }

  @Test
  void allStateOfOrdinaryValuesIsWritten() throws IOException {
    List<Object> values = new ArrayList<>(List.of(1, "text", new Plain(), new int[] {1}));
    values.add(new Tuple2<>("key", new LinkedHashMap<>(Map.of("a", new Plain()))));
    values.add(new Restored());
    IntStream.range(0, 1_000).forEach(values::add);

    assertThat(faithful.firstLeftOut(values.iterator(), true)).isEmpty();
    assertThat(faithful.firstLeftOut(values.iterator(), false)).isEmpty();
  }

  @Test
  void transientFieldIsFoundWhereverItIs() throws IOException {
    String field = "field score of " + Scored.class.getName();

    assertThat(faithful.firstLeftOut(List.of(new Scored()).iterator(), true)).contains(field);
    assertThat(faithful.firstLeftOut(List.of(new Scored()).iterator(), false)).contains(field);
    assertThat(
            faithful.firstLeftOut(
                List.of("a", new Tuple2<>(1, new HashMap<>(Map.of(1, new Scored())))).iterator(),
                true))
        .contains(field);
  }

  @Test
  void stateOfASuperclassThatIsNotSerializableIsLeftOutByJavaAlone() throws IOException {
    assertThat(faithful.firstLeftOut(List.of(new Derived()).iterator(), true))
        .contains("field state of " + NotWritten.class.getName());
    assertThat(faithful.firstLeftOut(List.of(new Derived()).iterator(), false)).isEmpty();
  }

  @Test
  void objectThatJavaCannotSerializeFailsUnlessAnotherSerializerWritesIt() throws IOException {
    List<?> values = List.of(new NotWritten());

    assertThatThrownBy(() -> faithful.firstLeftOut(values.iterator(), true))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("NotWritten");
    assertThat(faithful.firstLeftOut(values.iterator(), false)).isEmpty();
    assertThatThrownBy(() -> faithful.firstLeftOut(List.of(new Throwing()).iterator(), true))
        .hasMessage("no");
  }
}
