// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.trust;

/** The places where others than the driver's user may read. */
enum SecretSink {
  STORE("objects in the store"),
  PAYLOAD("payloads of Invoke"),
  COMMAND_LINES("`ps`"),
  UI("UI"),
  REST("REST API"),
  EVENT_LOG("event log"),
  DRIVER_LOG("log of the driver"),
  WORKER_LOG("log of the function"),
  ERRORS("text of errors"),
  TEMPORARY_FILES("temporary files");

  private final String label;

  SecretSink(String label) {
    this.label = label;
  }

  /** As the page calls it; markdown. */
  String label() {
    return label;
  }
}
