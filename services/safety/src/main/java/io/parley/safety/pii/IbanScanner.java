package io.parley.safety.pii;

import io.parley.safety.PiiKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds international bank account numbers (ISO 13616): the length of the country, check digits
 * that are right modulo 97 (ISO 7064), written in one piece or in groups of four in capitals.
 */
final class IbanScanner implements Scanner {
  /** Country and length, from the registry of SWIFT. */
  private static final String COUNTRIES =
      "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29"
          + "ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30"
          + "KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24"
          + "PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29"
          + "VA22VG24XK20YE30";

  private static final int GROUP = 4;
  private static final byte[] LENGTHS = lengths();

  private final Spans spans;
  private final List<Candidate> candidates = new ArrayList<>();
  private int leadChars;
  private int leadStart;
  private char leadFirst;
  private char leadSecond;

  IbanScanner(Spans spans) {
    this.spans = spans;
  }

  private static byte[] lengths() {
    byte[] lengths = new byte[26 * 26];
    for (int i = 0; i < COUNTRIES.length(); i += GROUP) {
      int country = country(COUNTRIES.charAt(i), COUNTRIES.charAt(i + 1));
      lengths[country] = Byte.parseByte(COUNTRIES.substring(i + 2, i + GROUP));
    }
    return lengths;
  }

  private static int country(char first, char second) {
    return 26 * ((first | ' ') - 'a') + (second | ' ') - 'a';
  }

  @Override
  public int pendingFrom() {
    if (!candidates.isEmpty()) {
      return candidates.getFirst().start;
    }
    return leadChars > 0 ? leadStart : NOTHING;
  }

  @Override
  public void read(char c, int at, char before) {
    if (!candidates.isEmpty()) {
      candidates.removeIf(each -> !each.goesOn(c, at));
    }
    if (leadChars > 0) {
      readLead(c, at);
    } else if (Chars.isAsciiLetter(c) && !Chars.isWord(before) && before != '_') {
      leadChars = 1;
      leadStart = at;
      leadFirst = c;
    }
  }

  /** Most words are over after two letters: only a digit behind a country makes a candidate. */
  private void readLead(char c, int at) {
    if (leadChars == 1 && Chars.isAsciiLetter(c) && LENGTHS[country(leadFirst, c)] > 0) {
      leadChars = 2;
      leadSecond = c;
    } else {
      if (leadChars == 2 && Chars.isDigit(c)) {
        candidates.add(new Candidate(leadStart, leadFirst, leadSecond));
        candidates.getLast().goesOn(c, at);
      }
      leadChars = 0;
    }
  }

  /** What may be a number, from its first letter on. */
  private final class Candidate {
    private final int start;
    private final int country;
    private final int length;
    private int chars = 2;
    private int check;
    private int remainder;
    private boolean grouped;
    private boolean capitals;
    private int end;

    Candidate(int start, char first, char second) {
      this.start = start;
      this.country = 100 * value(first) + value(second);
      this.length = LENGTHS[country(first, second)];
      this.capitals = first <= 'Z' && second <= 'Z';
      this.end = start + 2;
    }

    /** Reads one more character; false if this is over, found or not. */
    boolean goesOn(char c, int at) {
      if (chars == length) {
        if (!Chars.isWord(c) && c != '_') {
          report();
        }
        return false;
      }
      if (c == ' ' && chars >= GROUP && chars % GROUP == 0 && (grouped || chars == GROUP)) {
        boolean doubled = end != at;
        grouped = true;
        return !doubled;
      }
      boolean gap = end != at;
      return gap == mustFollowGap() && take(c, at);
    }

    /** In groups every fourth character is followed by a blank. */
    private boolean mustFollowGap() {
      return grouped && chars % GROUP == 0;
    }

    private boolean take(char c, int at) {
      capitals &= c <= 'Z';
      end = at + 1;
      chars++;
      if (chars <= GROUP) {
        check = 10 * check + (c - '0');
        return Chars.isDigit(c);
      }
      if (Chars.isDigit(c)) {
        remainder = (10 * remainder + (c - '0')) % 97;
        return true;
      }
      remainder = (100 * remainder + value(c)) % 97;
      return Chars.isAsciiLetter(c);
    }

    /** Letters count as 10 to 35, two digits each. */
    private static int value(char letter) {
      return (letter | ' ') - 'a' + 10;
    }

    /** Country and check digits count last. */
    private void report() {
      long all = remainder * 1_000_000L + country * 100L + check;
      if (all % 97 == 1 && (capitals || !grouped)) {
        spans.found(PiiKind.IBAN, start, end);
      }
    }
  }
}
