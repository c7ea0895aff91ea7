package io.parley.safety.pii;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found, kind by kind. Braces mark what has to be found, and nothing else may be. */
class PiiPositivesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ada@example.com}",
        "Write to {ada.lovelace@example.co.uk}.",
        "Write to {ada_l+news@mail.example.org}, please",
        "<{ada@example.com}>",
        "mailto:{ada@example.com}?subject=hi",
        "\"Ada\" <{ada-1@sub.domain.example.com}>;",
        "email={a@b.io}&x=1",
        "({grace.hopper@navy.mil})",
        "cc {a@b.com},{c@d.com} and {e@f.com}",
        "ends with a dot: {a@b.com}.",
        "ends with dots: {a@b.com}...",
        "{ADA@EXAMPLE.COM}",
        "{müller@büro.de}",
        "{user@xn--bro-hoa.example.museum}",
        "{12345@qq.com} and {a@163.com}",
        "{x@y.travel}!",
        "'{ada@example.com}'",
        "https://example.com/?to={ada@example.com}",
        "to:{ada@example.com}\nfrom:{bob@example.com}",
        "{first.m.last@example.technology}",
        "{a%b@example.com}",
        "Reply to {help@my-company.dev} now",
        "联系{ada@example.com}谢谢",
        "{4155552671@carrier.example.com}",
        "ａ {ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ}",
        "dump {john@example.com}:hunter2",
        "..{a@b.com}",
      })
  void mailAddresses(String text) {
    assertMarked(text, "EMAIL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{+14155552671}",
        "{+1 415 555 2671}",
        "{+1 (415) 555-2671}",
        "{+1-415-555-2671}.",
        "{+49 30 1234567}",
        "{+49 (0) 30 1234567}",
        "{+49 (0)30 / 123 45 67}",
        "{+44 20 7946 0958}",
        "{+33 1 42 68 53 00}",
        "{+33.1.42.68.53.00}",
        "{+81 3-1234-5678}",
        "{+86 138 0013 8000}",
        "{+358 40 1234567}",
        "({+49 30 1234567})",
        "tel:{+4930123456},",
        "{(415) 555-2671}",
        "{(415) 555 2671}",
        "{(415)555-2671}",
        "{415-555-2671}",
        "{415.555.2671}",
        "{1-800-555-2671}",
        "{1 800 555 2671}",
        "{030 1234567}",
        "{030/1234567}",
        "{0171-2345678}",
        "{(0171) 234 5678}",
        "{089 / 123 456}",
        "{020 7946 0958}",
        "{01 42 68 53 00}",
        "{01.42.68.53.00}",
        "{(02) 9876 5432}",
        "{0049 30 1234567}",
        "{0800 7788990}",
        "Call me at {5551234}.",
        "phone: {4155552671}",
        "my phone number is {415 555 2671}",
        "Tel. {01712345678}",
        "Handy: {0171 2345678}",
        "Fax no. {555-1234}",
        "电话{+8613800138000}",
        "전화 {010-1234-5678}로",
        "Room 5 {415-555-2671}",
        "fullwidth {＋４９ ３０ １２３４５６７}",
        "no-break {+49\u00a030\u00a01234567}",
        "non-breaking hyphens {415\u2011555\u20112671}",
      })
  void phoneNumbers(String text) {
    assertMarked(text, "PHONE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{4111111111111111}",
        "{4111 1111 1111 1111}",
        "{4111-1111-1111-1111}",
        "Card {4012888888881881}.",
        "{5555555555554444}, exp 12/26",
        "{5105 1051 0510 5100}",
        "{2223003122003222}",
        "{2720 9900 0000 0007}",
        "{378282246310005}",
        "{3782 822463 10005}",
        "{371449635398431}",
        "{3714-496353-98431}",
        "{6011111111111117}",
        "{6011 0009 9013 9424}",
        "{30569309025904}",
        "{3056 930902 5904}",
        "{36227206271667}",
        "{3530111333300000}",
        "{3566 0020 2036 0505}",
        "{6221260000000000}",
        "{6759649826438453}",
        "{2200000000000004}",
        "{4000000000000000006}",
        "{4111 1111 1111 1111} 12/26",
        "5 {4111 1111 1111 1111} 123",
        "name,{4111111111111111},12/26",
        "pan={4111111111111111}&cvv=123",
        "卡号{4111111111111111}",
        "({4111 1111 1111 1111})",
        "{４１１１ １１１１ １１１１ １１１１}",
        "{4111\u00a01111\u00a01111\u00a01111}",
      })
  void paymentCards(String text) {
    assertMarked(text, "CARD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{DE89370400440532013000}",
        "{DE89 3704 0044 0532 0130 00}",
        "{de89370400440532013000}",
        "IBAN: {GB82 WEST 1234 5698 7654 32}.",
        "{GB82WEST12345698765432}",
        "{FR14 2004 1010 0505 0001 3M02 606}",
        "{FR1420041010050500013M02606}",
        "{NL91 ABNA 0417 1643 00}",
        "{BE68 5390 0754 7034}",
        "{CH93 0076 2011 6238 5295 7}",
        "{AT61 1904 3002 3457 3201}",
        "{ES91 2100 0418 4502 0005 1332}",
        "{IT60 X054 2811 1010 0000 0123 456}",
        "{NO93 8601 1117 947}",
        "{SE45 5000 0000 0583 9825 7466}",
        "{DK50 0040 0440 1162 43}",
        "{PL61 1090 1014 0000 0712 1981 2874}",
        "{PT50 0002 0123 1234 5678 9015 4}",
        "{IE29 AIBK 9311 5212 3456 78}",
        "{LU28 0019 4006 4475 0000}",
        "{MT84MALT011000012345MTLCAST001S}",
        "{FI21 1234 5600 0007 85}",
        "{SA03 8000 0000 6080 1016 7519}",
        "({DE89370400440532013000})",
        "DE12 {GB82 WEST 1234 5698 7654 32}",
        "iban={DE89370400440532013000};",
        "{DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000}",
      })
  void bankAccounts(String text) {
    assertMarked(text, "IBAN");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123}",
        "{sk-proj-abcdefghijklmnopqrstuvwx}",
        "{sk-parley-a1B2a1C2a1D2a1E2a1F2}, keep it safe",
        "{sk-parley-admin-a1B2a1C2a1D2a1E2a1F2}",
        "{sk-abcdefghijklmnopqrstuvwxyz012345}",
        "export AWS_ACCESS_KEY_ID={AKIAABCDEFGHIJKLMNOP}",
        "{ASIAABCDEFGHIJKLMNOP}",
        "token: {ghp_abcdefghijklmnopqrstuvwxyzABCDEFGHIJ}",
        "{gho_abcdefghijklmnopqrstuvwxyzABCDEFGHIJ}",
        "{github_pat_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN}",
        "{glpat-abcdefghijklmnopqrst}",
        "{xoxb-1234567890-abcdefghij}",
        "{AIzaabcdefghijklmnopqrstuvwxyz012345678}",
        "{npm_abcdefghijklmnopqrstuvwxyz0123456789}",
        "Bearer {eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9}",
        "jwt={eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-_d};",
        "{eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIn0.}",
        "{-----BEGIN OPENSSH PRIVATE KEY-----}",
        "{-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B==\n-----END PRIVATE KEY-----}\nok",
        "{-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIE\n-----END RSA PRIVATE KEY-----}",
        "\"{-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEE\\n-----END EC PRIVATE KEY-----}\\n\"",
        "  {-----BEGIN PRIVATE KEY-----\n  MIIEvQIB\n  -----END PRIVATE KEY-----} end",
        "{-----BEGIN PGP PRIVATE KEY BLOCK-----} begins such a file",
        "\"{sk-parley-a1B2a1C2a1D2a1E2a1F2}\"",
        "密钥{sk-parley-a1B2a1C2a1D2a1E2a1F2}。",
        "{sk-parley-a1B2a1C2a1D2a1E2a1F2} and {sk-proj-abcdefghijklmnopqrstuvwx}",
        "{sk-proj-abcdefghijklmnopqrstuvwx}@example.com",
      })
  void secrets(String text) {
    assertMarked(text, "SECRET");
  }

  private static void assertMarked(String text, String kind) {
    String plain = text.replace("{", "").replace("}", "");
    assertThat(Found.marked(plain)).isEqualTo(text.replace("{", kind + "{"));
  }
}
