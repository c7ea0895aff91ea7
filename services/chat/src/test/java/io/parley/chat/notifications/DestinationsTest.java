package io.parley.chat.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DestinationsTest {
  private static final List<String> INSIDE =
      List.of(
          "0.0.0.0",
          "10.1.2.3",
          "100.64.0.1",
          "127.0.0.1",
          "169.254.169.254",
          "172.16.0.1",
          "172.31.255.255",
          "192.0.0.1",
          "192.168.1.1",
          "198.18.0.1",
          "224.0.0.1",
          "255.255.255.255",
          "::",
          "::1",
          "::ffff:127.0.0.1",
          "64:ff9b::7f00:1",
          "fe80::1",
          "fd00::1",
          "ff02::1",
          "2001::1",
          "2001:db8::1",
          "2002:7f00:1::1");

  private static final List<String> OUTSIDE =
      List.of("1.1.1.1", "100.128.0.1", "172.32.0.1", "192.1.0.1", "2606:4700::1111", "2a00::1");

  @Test
  void tellsInsideFromOutside() throws IOException {
    for (String address : INSIDE) {
      assertThat(Destinations.isPublic(InetAddress.ofLiteral(address))).as(address).isFalse();
    }
    for (String address : OUTSIDE) {
      assertThat(Destinations.isPublic(InetAddress.ofLiteral(address))).as(address).isTrue();
    }
  }

  @Test
  void aNameWithOneAddressInsideIsRefusedWhateverTheOthersAre() throws IOException {
    InetAddress outside = InetAddress.ofLiteral("1.1.1.1");
    InetAddress inside = InetAddress.ofLiteral("127.0.0.1");
    Destinations strict = new Destinations(false, host -> new InetAddress[] {outside, inside});
    assertThatExceptionOfType(Destinations.ForbiddenException.class)
        .isThrownBy(() -> strict.resolve("example.com"));
    Destinations lax = new Destinations(true, host -> new InetAddress[] {outside, inside});
    assertThat(lax.resolve("example.com")).isEqualTo(outside);
    Destinations unknown = new Destinations(true, host -> new InetAddress[0]);
    assertThatExceptionOfType(UnknownHostException.class)
        .isThrownBy(() -> unknown.resolve("example.com"));
  }
}
