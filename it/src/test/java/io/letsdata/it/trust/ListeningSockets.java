// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.trust;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The TCP sockets on which processes listen, as the kernel knows them. Stateless. */
final class ListeningSockets {
  private static final String LISTEN = "0A";
  private static final String SOCKET = "socket:[";

  private ListeningSockets() {}

  /** One socket of one process. */
  record Socket(String command, InetSocketAddress address) {
    boolean isLoopback() {
      return address.getAddress().isLoopbackAddress();
    }
  }

  /** The process and all that descend from it. */
  static Stream<ProcessHandle> tree(ProcessHandle root) {
    return Stream.concat(Stream.of(root), root.descendants());
  }

  /** The arguments of a process, separated by spaces; empty when it has ended. */
  static String command(ProcessHandle process) throws IOException {
    try {
      byte[] arguments = Files.readAllBytes(proc(process).resolve("cmdline"));
      return new String(arguments, StandardCharsets.UTF_8).replace('\0', ' ').strip();
    } catch (IOException e) {
      return ifItHasEnded(process, e, "");
    }
  }

  /** The sockets on which a process listens now; empty when it has ended. */
  static Set<Socket> of(ProcessHandle process) throws IOException {
    try {
      String command = command(process);
      Set<String> inodes = inodes(process);
      Set<Socket> sockets = new LinkedHashSet<>();
      for (String table : List.of("tcp", "tcp6")) {
        List<String> lines = Files.readAllLines(proc(process).resolve("net").resolve(table));
        for (String line : lines.subList(1, lines.size())) {
          // Columns of proc(5): number, local address, remote address, state, ..., inode (the 10th)
          String[] columns = line.strip().split("\\s+", -1);
          if (columns[3].equals(LISTEN) && inodes.contains(columns[9])) {
            sockets.add(new Socket(command, address(columns[1])));
          }
        }
      }
      return sockets;
    } catch (IOException e) {
      return ifItHasEnded(process, e, Set.of());
    }
  }

  private static Set<String> inodes(ProcessHandle process) throws IOException {
    Set<String> inodes = new HashSet<>();
    try (DirectoryStream<Path> open = Files.newDirectoryStream(proc(process).resolve("fd"))) {
      for (Path descriptor : open) {
        try {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith(SOCKET)) {
            inodes.add(target.substring(SOCKET.length(), target.length() - 1));
          }
        } catch (NoSuchFileException e) {
          // It was closed since it was listed.
        }
      }
    }
    return inodes;
  }

  /** An address as 32-bit words in the order of this machine, a colon, the port. */
  private static InetSocketAddress address(String text) throws IOException {
    String[] parts = text.split(":", -1);
    ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(parts[0]));
    ByteBuffer bytes = ByteBuffer.allocate(words.capacity());
    words.order(ByteOrder.nativeOrder());
    while (words.hasRemaining()) {
      bytes.putInt(words.getInt());
    }
    return new InetSocketAddress(
        InetAddress.getByAddress(bytes.array()), Integer.parseInt(parts[1], 16));
  }

  private static Path proc(ProcessHandle process) {
    return Path.of("/proc", Long.toString(process.pid()));
  }

  private static <T> T ifItHasEnded(ProcessHandle process, IOException failure, T nothing)
      throws IOException {
    // An ended process whose parent has not noticed yet still has a folder, but no network.
    boolean ended = failure instanceof NoSuchFileException;
    if (!ended && Files.exists(proc(process).resolve("fd")) && process.isAlive()) {
      throw failure;
    }
    return nothing;
  }
}
