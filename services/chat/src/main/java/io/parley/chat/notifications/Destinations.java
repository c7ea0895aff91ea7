package io.parley.chat.notifications;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Where webhooks may lead. People name the address, and the server calls it from inside of its
 * network: so only addresses that anybody on the internet could call are called. A name is judged
 * by what it resolves to, by all of it, and the connection is made to the very address that was
 * judged, since a second look-up could give another. Thread-safe.
 *
 * <p>Source: the IANA special-purpose address registries (RFC 6890); of IPv6, global unicast is
 * 2000::/3 (RFC 4291).
 */
final class Destinations {
  private final boolean allowPrivate;
  private final Resolver resolver;

  /** Finds the addresses of a host. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  Destinations(boolean allowPrivate, Resolver resolver) {
    this.allowPrivate = allowPrivate;
    this.resolver = resolver;
  }

  /** The name leads to an address that is not called. */
  static final class ForbiddenException extends IOException {
    private static final long serialVersionUID = 1;

    ForbiddenException() {
      super("the host is not on the public internet");
    }
  }

  boolean allowsPrivate() {
    return allowPrivate;
  }

  /**
   * The address to connect to.
   *
   * @throws ForbiddenException if there is one of its addresses that must not be called
   * @throws UnknownHostException if it has none
   */
  InetAddress resolve(String host) throws IOException {
    List<InetAddress> all = Arrays.asList(resolver.resolve(host));
    if (all.isEmpty()) {
      throw new UnknownHostException(host);
    }
    if (!allowPrivate && !all.stream().allMatch(Destinations::isPublic)) {
      throw new ForbiddenException();
    }
    return all.getFirst();
  }

  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
  }

  private static boolean isPublic4(byte[] address) {
    int a = address[0] & 0xff;
    int b = address[1] & 0xff;
    int c = address[2] & 0xff;
    boolean special =
        switch (a) {
          case 0, 10, 127 -> true;
          case 100 -> b >= 64 && b < 128; // shared by providers
          case 169 -> b == 254; // link-local, where clouds keep credentials
          case 172 -> b >= 16 && b < 32;
          case 192 -> b == 168 || (b == 0 && (c == 0 || c == 2)) || (b == 88 && c == 99);
          case 198 -> b == 18 || b == 19 || (b == 51 && c == 100);
          case 203 -> b == 0 && c == 113;
          default -> a >= 224; // multicast, reserved, broadcast
        };
    return !special;
  }

  /** Teredo, documentation and 6to4 lie in global unicast, and lead elsewhere or nowhere. */
  private static boolean isPublic6(byte[] address) {
    int first = (address[0] & 0xff) << 8 | (address[1] & 0xff);
    int second = (address[2] & 0xff) << 8 | (address[3] & 0xff);
    boolean globalUnicast = first >>> 13 == 1;
    boolean special = first == 0x2002 || (first == 0x2001 && (second < 0x200 || second == 0xdb8));
    return globalUnicast && !special;
  }
}
