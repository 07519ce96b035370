// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.store.OutcomeUnknown;
import io.letsdata.write.CommitProtocolTest.Fault;
import io.letsdata.write.CommitProtocolTest.Lasting;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Plants a fault at one request or from it on. */
final class PlantedFault implements HookedObjectStore.Hook {
  private final int request;
  private final Fault fault;
  private final Lasting lasting;
  final Set<String> hitKinds = new HashSet<>();

  PlantedFault(int request, Fault fault, Lasting lasting) {
    this.request = request;
    this.fault = fault;
    this.lasting = lasting;
  }

  private boolean hit(int number, String kind) {
    boolean hit = lasting == Lasting.ONCE ? number == request : number >= request;
    if (hit) {
      hitKinds.add(kind);
    }
    return hit;
  }

  @Override
  public void before(int number, String kind) throws IOException {
    if (hit(number, kind) && fault == Fault.FAILS_BEFORE) {
      throw new OutcomeUnknown("planted before " + kind, null);
    }
    if (hit(number, kind) && fault == Fault.STOPS_BEFORE) {
      throw new IllegalStateException("planted before " + kind);
    }
  }

  @Override
  public void after(int number, String kind) throws IOException {
    if (hit(number, kind) && fault == Fault.RESPONSE_LOST) {
      throw new OutcomeUnknown("planted after " + kind, null);
    }
    if (hit(number, kind) && fault == Fault.STOPS_AFTER) {
      throw new IllegalStateException("planted after " + kind);
    }
  }
}
