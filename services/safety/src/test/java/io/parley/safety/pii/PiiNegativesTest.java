package io.parley.safety.pii;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ordinary text has and nobody wants masked. */
class PiiNegativesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "user@localhost",
        "@ada wrote to @bob",
        "@ada@mastodon.example",
        "git@github.com:org/repo.git",
        "https://user@example.com/path",
        "postgres://me:pass@db.example.com/x",
        "icon@2x.png",
        "see icon@3x.png.",
        "react@18.2.0",
        "lodash@4.17.21-beta.one",
        "a@b",
        "a@b.c",
        "a@.com",
        "a@-b",
        "3 @ 4.50",
        "@Override public void run()",
        "x@y.mean()",
        "A @ B.T",
        "root@192.168.1.1",
        "a.@example.com",
        "meet @ noon.ish",
        "price@1.99",
        "foo at example dot com",
        "@types/node@20.1.0",
        "ada @example.com",
        "ada@ example.com",
        "user@host:8080",
        "#channel@server",
        "a@b@c",
      })
  void noMailAddress(String text) {
    assertThat(Found.marked(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "In 2024 it was 30 degrees",
        "2024-11-22",
        "22.11.2024",
        "11/22/2024 10:30",
        "2024-11-22T10:30:00+01:00",
        "2019-2023",
        "$1,234,567.89",
        "12 500 000 people",
        "EUR 1.234.567,89",
        "ISBN 978-0-306-40615-7",
        "ISBN 0-306-40615-2",
        "ISBN 9780306406157",
        "ISSN 0378-5955",
        "192.168.1.100",
        "10.0.0.1:8080",
        "2001:db8::1",
        "version 1.2.3.4567",
        "v10.20.30-beta.4",
        "12345678 + 87654321 = 99999999",
        "3 +12345678",
        "x = 1000000000",
        "int a = 4155552671;",
        "0x4155552671",
        "550e8400-e29b-41d4-a716-446655440000",
        "123-45-6789",
        "94103-1234",
        "order #415-555-2671",
        "id_415-555-2671",
        "415-555-2671-88",
        "pages 100-200",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "1,2,3,4,5,6,7,8,9",
        "10 20 30 40 50 60 70 80 90",
        "0.3333333333",
        "00000012345678",
        "+5 points, +10%, +1000000",
        "C++ 20230101",
        "-30.5 to +40.25",
        "5551234",
        "01712345678",
        "The phone sold 12500000 units",
        "the call costs 1299 euros",
        "call f() 10000000 times",
        "Call me on 2024-11-22",
        "epoch 1700000000",
        "3.14159265358979",
        "1e10 2e20",
        "1920x1080 2560x1440",
        "GET /items/4155552671/edit",
        "for (int i = 0; i < 100000000; i++)",
        "sha 0123456789abcdef",
      })
  void noPhoneNumber(String text) {
    assertThat(Found.marked(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111111111111112",
        "4111 1111 1111 1112",
        "1234567812345670",
        "0000000000000000",
        "9999999999999995",
        "1700000000000",
        "1700000000000000",
        "20241122115553",
        "9780306406157",
        "4006381333931",
        "9223372036854775807",
        "18446744073709551615",
        "41111111111111111111111",
        "0.4111111111111111",
        "4111111111111111.5",
        "x4111111111111111",
        "4111111111111111x",
        "4111 11111 111 1111",
        "4111 1111-1111 1111",
        "4111-1111-1111-1111-1111",
        "#4111111111111111",
        "$4111111111111111",
        "/orders/4111111111111111/items",
        "4111_1111_1111_1111",
        "-4111111111111111",
        "2020 2021 2022 2023",
        "4111,1111,1111,1111",
        "0x4111111111111111",
        "4111111111111111e5",
        "4111  1111  1111  1111",
        "4111\n1111\n1111\n1111",
        "3.14159265358979323846",
        "411111111111",
      })
  void noPaymentCard(String text) {
    assertThat(Found.marked(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DE88370400440532013000",
        "DE89 3704 0044 0532 0130 01",
        "DE8937040044053201300",
        "DE893704004405320130000",
        "DE89 3704 0044 0532 0130 0",
        "XX89370400440532013000",
        "ZZ12 3456 7890",
        "DE89 370 4004 4053 2013 000",
        "DE89-3704-0044-0532-0130-00",
        "aDE89370400440532013000",
        "DE89370400440532013000a",
        "DE89370400440532013000_1",
        "_DE89370400440532013000",
        "DE89  3704  0044  0532  0130  00",
        "de89 3704 0044 0532 0130 00",
        "DE89\n3704\n0044\n0532\n0130\n00",
        "AB12CD34EF56GH78",
        "de la casa es 12",
        "it 60 x",
        "SE7EN is a film",
        "MT4 broker",
        "GB82 WEST",
        "GB82 WEST 1234 5698 7654 3",
        "DE123456789",
        "ATU12345678",
        "BE0123456789",
        "NO 8601 1117 947",
        "IS11",
      })
  void noBankAccount(String text) {
    assertThat(Found.marked(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Set x-api-key to a key such as sk-parley-YOUR_KEY.",
        "sk-parley-YOUR_KEY_GOES_HERE_AND_ONLY_HERE",
        "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-00000000000000000000000000000000",
        "AKIAIOSFODNN7EXAMPLE",
        "AKIAABCDEFGHIJKLMNO",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----",
        "----BEGIN PRIVATE KEY----",
        "BEGIN PRIVATE KEY",
        "task-managementandschedulingsystemswithqueues",
        "desk-abcdefghijklmnopqrstuvwxyz0123456789",
        "sk-learn is a library",
        "risk-abcdefghijklmnopqrstuvwxyz012345",
        "ghp_short",
        "ghost_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL",
        "glpat-abc",
        "xoxz-1234567890-abcdefghij",
        "AIza",
        "the header is eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
        "eyJhbGciOiJIUzI1NiJ9.eyJz",
        "eyJhbGciOiJIUzI1NiJ9.notclaimsnotclaims",
        "eyJ.eyJ.",
        "keyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB",
        "SK-ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
        "sk_test_abcdefghijklmnopqrstuvwx",
      })
  void noSecret(String text) {
    assertThat(Found.marked(text)).isEqualTo(text);
  }
}
