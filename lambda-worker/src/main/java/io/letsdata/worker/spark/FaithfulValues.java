// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether values come back from their serialized form as they were: whether all their state
 * is written. It looks at declarations only, and reads no field.
 *
 * <p>State that serialization leaves out: a {@code transient} field of a class that does not
 * restore it itself, and the fields of a superclass that is not serializable. Classes of the JDK,
 * of Scala and of Spark restore theirs. So does a class with {@code readObject}, {@code
 * readResolve} or {@code readExternal}, and Scala's {@code @transient lazy val}.
 *
 * <p>Thread-safe; one instance for the life of an environment, since it remembers classes.
 */
final class FaithfulValues {
  private static final List<String> PLATFORM =
      List.of("java.", "javax.", "jdk.", "sun.", "scala.", "org.apache.spark.");

  /** As often as Spark's stream forgets the objects that it has written. */
  private static final int RESET_EVERY = 100;

  /** The name of the first field of a class that is left out; empty when there is none. */
  private final ClassValue<String> leftOutByJava =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          return firstLeftOut(type, true);
        }
      };

  private final ClassValue<String> leftOutByOthers =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          return firstLeftOut(type, false);
        }
      };

  /**
   * The first state of the values that serialization leaves out, such as {@code field cache of
   * com.example.Row}; empty when all is written.
   *
   * @param values are read to their end only when all is written
   * @param byJava whether Java's serialization will write them; another, such as Kryo's, also
   *     writes the fields of classes that Java does not, and objects inside them are not looked at
   * @throws IOException when Java cannot serialize a value; a value's own code may throw anything
   */
  Optional<String> firstLeftOut(Iterator<?> values, boolean byJava) throws IOException {
    try (Walk walk = new Walk(byJava)) {
      long count = 0;
      while (values.hasNext()) {
        Object value = values.next();
        if (value instanceof String || value instanceof Number) {
          continue;
        }
        walk.writeObject(value);
        if (!walk.found.isEmpty()) {
          return Optional.of(walk.found);
        }
        if (++count % RESET_EVERY == 0) {
          walk.reset();
        }
      }
    }
    return Optional.empty();
  }

  /** Meets every object that Java would write. */
  private final class Walk extends ObjectOutputStream {
    private final Set<Class<?>> seen = new HashSet<>();
    private final boolean byJava;
    private String found = "";

    Walk(boolean byJava) throws IOException {
      super(OutputStream.nullOutputStream());
      this.byJava = byJava;
      enableReplaceObject(true);
    }

    @Override
    protected @Nullable Object replaceObject(Object object) {
      if (found.isEmpty() && seen.add(object.getClass())) {
        found = (byJava ? leftOutByJava : leftOutByOthers).get(object.getClass());
      }
      return byJava || object instanceof Serializable ? object : null;
    }
  }

  private static String firstLeftOut(Class<?> type, boolean byJava) {
    if (type.isArray() || type.isEnum() || Externalizable.class.isAssignableFrom(type)) {
      return "";
    }
    for (Class<?> part = type; part != null && part != Object.class; part = part.getSuperclass()) {
      if (isOfPlatform(part)) {
        continue;
      }
      if (restoresItself(part)) {
        if (declares(part, "readResolve")) {
          return "";
        }
        continue;
      }
      boolean serializable = !byJava || Serializable.class.isAssignableFrom(part);
      for (Field field : part.getDeclaredFields()) {
        boolean written = serializable && !Modifier.isTransient(field.getModifiers());
        if (!Modifier.isStatic(field.getModifiers()) && !written && !isLazy(part, field)) {
          return "field " + field.getName() + " of " + part.getName();
        }
      }
    }
    return "";
  }

  private static boolean isOfPlatform(Class<?> type) {
    return PLATFORM.stream().anyMatch(type.getName()::startsWith);
  }

  private static boolean restoresItself(Class<?> type) {
    return declares(type, "readObject", ObjectInputStream.class) || declares(type, "readResolve");
  }

  /** Scala 2.12 compiles a {@code lazy val} to a field, a method and a bit beside it. */
  private static boolean isLazy(Class<?> type, Field field) {
    return field.getName().startsWith("bitmap$") || declares(type, field.getName() + "$lzycompute");
  }

  private static boolean declares(Class<?> type, String name, Class<?>... parameters) {
    return Stream.of(type.getDeclaredMethods())
        .filter(method -> method.getName().equals(name))
        .anyMatch(method -> Arrays.equals(method.getParameterTypes(), parameters));
  }
}
