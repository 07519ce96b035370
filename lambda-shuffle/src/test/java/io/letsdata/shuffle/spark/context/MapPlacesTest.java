// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.format.MapRef;
import java.nio.ByteBuffer;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.MapStatus;
import org.apache.spark.scheduler.MapStatus$;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.util.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;
import scala.reflect.ClassTag$;

final class MapPlacesTest {
  private static final MapRef MAP = new MapRef(7, "0123456789abcdef");

  @ParameterizedTest
  @CsvSource({
    "yarn, false",
    "'spark://driver:7077', false",
    "k8s://cluster, true",
  })
  void outputOnAClusterHasNoHostUnlessKryoKnowsOnlyRegisteredClasses(
      String master, boolean strict) {
    SparkConf conf = on(master).set("spark.kryo.registrationRequired", String.valueOf(strict));

    MapStatus placed = MapPlaces.of(conf).place(status(), MAP);

    assertThat(placed.location().host()).isEqualTo(strict ? "shuffle.invalid" : null);
    assertThat(MapLocation.parse(placed.location())).isEqualTo(MAP);
  }

  @Test
  void outputOnALocalMasterIsAtTheHostOfItsOnlyExecutor() {
    MapStatus placed = MapPlaces.of(on("local[2]")).place(status(), MAP);

    assertThat(placed.location().host()).isEqualTo(Utils.localCanonicalHostName());
  }

  @Test
  void outputOnLambdaStaysSparksOwnStatus() {
    MapStatus status = status();

    assertThat(MapPlaces.of(on("local-lambda://f")).place(status, MAP)).isSameAs(status);
    assertThat(status.location().host()).isEqualTo("shuffle.invalid");
  }

  @Test
  void locationWithoutHostEqualsTheLocationThatAFetchFailureNames() {
    MapPlaces places = MapPlaces.of(on("yarn"));
    MapStatus placed = places.place(status(), MAP);
    MapRef other = new MapRef(7, "0123456789abcdee");

    assertThat(placed.location()).isEqualTo(places.locationOf(MAP));
    assertThat(placed.location()).isNotEqualTo(places.locationOf(other));
    assertThat(placed.location()).hasSameHashCodeAs(places.place(status(), MAP).location());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void statusWithoutHostSurvivesBothSerializers(boolean kryo) {
    SparkConf conf = on("yarn");
    Serializer serializer = kryo ? new KryoSerializer(conf) : new JavaSerializer(conf);
    MapStatus placed = MapPlaces.of(conf).place(status(), MAP);

    ByteBuffer bytes = serializer.newInstance().serialize(placed, ClassTag$.MODULE$.Any());
    Object read = serializer.newInstance().deserialize(bytes, ClassTag$.MODULE$.Any());

    assertThat(read).isInstanceOf(MapStatus.class);
    MapStatus back = (MapStatus) read;
    assertThat(back.mapId()).isEqualTo(7);
    assertThat(back.getSizeForBlock(1)).isEqualTo(placed.getSizeForBlock(1));
    assertThat(back.location()).isEqualTo(placed.location());
    assertThat(back.location().host()).isNull();
  }

  @Test
  void locationWithoutHostIsSerializedWithIt() {
    BlockManagerId location = MapPlaces.of(on("yarn")).place(status(), MAP).location();
    JavaSerializer serializer = new JavaSerializer(on("yarn"));

    ByteBuffer bytes = serializer.newInstance().serialize(location, ClassTag$.MODULE$.Any());
    Object read = serializer.newInstance().deserialize(bytes, ClassTag$.MODULE$.Any());

    assertThat(read).isEqualTo(MapLocation.of(MAP));
  }

  private static MapStatus status() {
    return MapStatus$.MODULE$.apply(
        BlockManagerId.apply("1", "host", 1, Option.empty()), new long[] {10, 2_000}, 7);
  }

  private static SparkConf on(String master) {
    return new SparkConf(false).set("spark.master", master);
  }
}
