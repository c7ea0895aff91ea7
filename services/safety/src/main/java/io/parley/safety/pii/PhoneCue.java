package io.parley.safety.pii;

import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Notices words behind which a number is a phone's: "phone", "call me at". Other words in between,
 * and other numbers, end that.
 */
final class PhoneCue {
  private static final int BITS = 5;
  private static final int MAX_LETTERS = 12;
  private static final long TOO_LONG = -1;

  private static final long[] CUES =
      packed(
          "phone telephone tel mobile cell cellphone fax call dial sms text whatsapp hotline"
              + " telefon telefonnummer handy handynummer mobil rufnummer durchwahl"
              + " téléphone telephone portable appelez teléfono telefono móvil movil llame"
              + " telefone celular cellulare");

  private static final long[] BETWEEN =
      packed(
          "me us him her them at on no nr num number numbers is my our his your now back or to"
              + " unter nummer ist meine mich an au le est mon al es mi número numero");

  private boolean fresh;
  private long word;
  private int letters;

  private static long[] packed(String words) {
    return Stream.of(words.split(" ", -1))
        .flatMapToLong(word -> LongStream.of(packedWord(word)))
        .sorted()
        .toArray();
  }

  private static long packedWord(String word) {
    long packed = 0;
    for (int i = 0; i < word.length(); i++) {
      packed = (packed << BITS) | code(word.charAt(i));
    }
    return packed;
  }

  /** A letter in five bits; all that are not a to z are one. */
  private static int code(char c) {
    return Chars.isAsciiLetter(c) ? (c | ' ') - 'a' + 1 : 27;
  }

  /** Whether such a word comes just before. */
  boolean isFresh() {
    return fresh;
  }

  void read(char c) {
    if (Chars.isDigit(c)) {
      fresh = false;
      letters = 0;
    } else if (Chars.isWord(c)) {
      letters++;
      word = letters > MAX_LETTERS ? TOO_LONG : ((letters == 1 ? 0 : word) << BITS) | code(c);
    } else if (letters > 0) {
      letters = 0;
      fresh = isOneOf(CUES) || (fresh && isOneOf(BETWEEN));
    }
  }

  private boolean isOneOf(long[] words) {
    return Arrays.binarySearch(words, word) >= 0;
  }
}
