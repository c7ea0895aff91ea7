package io.parley.safety.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.safety.PiiKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PiiScanTest {
  /** What the longest thing that is not certain yet may have: a web token's header. */
  private static final int MOST_UNDECIDED_CHARS = 280;

  private static final Set<PiiKind> ALL = EnumSet.allOf(PiiKind.class);

  private static final String[] PARTS = {
    "ada@example.com",
    "ada.",
    "@",
    "a@b",
    ".com",
    "+49 30 1234567",
    "415-555-2671",
    "(415) ",
    "555-2671",
    "4111 1111 1111 1111",
    "4111",
    "1111111111111111",
    "DE89 3704 0044 0532 0130 00",
    "DE89",
    "GB82WEST12345698765432",
    "sk-parley-a1B2a1C2a1D2a1E2a1F2",
    "sk-parley-",
    "sk-",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x",
    "eyJ",
    "-----BEGIN PRIVATE KEY-----",
    "-----",
    "END PRIVATE KEY",
    "MIIE",
    "phone ",
    "call me at ",
    "5551234",
    "1",
    "0",
    "+",
    "(",
    ")",
    "-",
    ".",
    "/",
    ":",
    ",",
    " ",
    "  ",
    "\n",
    "x",
    "der",
    "https://",
    "\uD83D\uDE00",
    "\u00a0",
    "\uFF14",
    "电"
  };

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(PARTS).list().ofMaxSize(24).map(parts -> String.join("", parts));
  }

  @Property(tries = 3_000)
  void theSameIsFoundHoweverTheTextIsCut(
      @ForAll("texts") String text, @ForAll @IntRange(min = 1, max = 40) int pieceChars) {
    assertThat(Found.spans(text, pieceChars)).isEqualTo(Found.spans(text, text.length() + 1));
  }

  @Property(tries = 1_500)
  void whatIsFoundWasUndecidedUntilThenAndLiesApart(@ForAll("texts") String text) {
    PiiScan scan = new PiiScan();
    int decided = 0;
    List<Span> all = new ArrayList<>();
    for (int i = 0; i <= text.length(); i++) {
      boolean end = i == text.length();
      for (Span span : end ? scan.end() : scan.read(text.substring(i, i + 1))) {
        assertThat(span.start()).as("%s in %s", span, text).isGreaterThanOrEqualTo(decided);
        all.add(span);
      }
      int undecided = end ? 0 : scan.undecidedChars(ALL);
      assertThat(undecided).as(text).isBetween(0, MOST_UNDECIDED_CHARS);
      decided = Math.max(decided, Math.min(text.length(), i + 1) - undecided);
    }
    for (int i = 1; i < all.size(); i++) {
      assertThat(all.get(i).start()).isGreaterThanOrEqualTo(all.get(i - 1).end());
    }
  }

  @Property(tries = 300)
  void noTextMakesItKeepMoreThanAFewHundredCharacters(@ForAll long seed) {
    Random random = new Random(seed);
    String alphabet = "0123456789 -.()+/eyJ._@aZ" + "0 ".repeat(random.nextInt(20));
    PiiScan scan = new PiiScan();
    for (int i = 0; i < 3_000; i++) {
      scan.read(String.valueOf(alphabet.charAt(random.nextInt(alphabet.length()))));
      assertThat(scan.undecidedChars(ALL)).isBetween(0, MOST_UNDECIDED_CHARS);
    }
  }

  @Test
  void onlyTheKindsThatAreAskedForAreUndecided() {
    PiiScan scan = new PiiScan();
    scan.read("hello 4111 11");
    assertThat(scan.undecidedChars(EnumSet.of(PiiKind.CARD))).isEqualTo("4111 11".length());
    assertThat(scan.undecidedChars(EnumSet.of(PiiKind.EMAIL))).isEqualTo("11".length());
    assertThat(scan.undecidedChars(EnumSet.of(PiiKind.SECRET))).isZero();
    scan.read("x ");
    assertThat(scan.undecidedChars(ALL)).isZero();
  }

  @Test
  void kindsInOneTextAreToldApart() {
    assertThat(
            Found.marked(
                "Ada, ada@example.com or 415-555-2671, pays with 4111 1111 1111 1111"
                    + " from DE89 3704 0044 0532 0130 00 by sk-proj-abcdefghijklmnopqrstuvwx"))
        .isEqualTo(
            "Ada, EMAIL{ada@example.com} or PHONE{415-555-2671}, pays with"
                + " CARD{4111 1111 1111 1111} from IBAN{DE89 3704 0044 0532 0130 00} by"
                + " SECRET{sk-proj-abcdefghijklmnopqrstuvwx}");
  }

  @Test
  void aNumberInsideOfAnAddressOrAnAccountIsNoneOfItsOwn() {
    assertThat(Found.marked("a4111111111111111@example.com"))
        .isEqualTo("EMAIL{a4111111111111111@example.com}");
    assertThat(Found.spans("BE68 5390 0754 7034", 3)).hasSize(1);
  }
}
