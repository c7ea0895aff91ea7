package io.parley.engine.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokenTextTest {
  @Test
  void aCharacterComesOutWhole() {
    TokenText text = new TokenText(List.of());
    byte[] smile = "😀".getBytes(UTF_8);
    for (int i = 0; i < 3; i++) {
      assertThat(text.append(new byte[] {smile[i]})).isEmpty();
    }
    assertThat(text.append(new byte[] {smile[3], 'x'})).isEqualTo("😀x");
  }

  @Test
  void anUnfinishedCharacterBecomesAReplacementAtTheEnd() {
    TokenText text = new TokenText(List.of());
    assertThat(text.append(new byte[] {'x', (byte) 0xf0, (byte) 0x9f})).isEqualTo("x");
    assertThat(text.finish()).isEqualTo("\uFFFD");
  }

  @Test
  void theReplacementAtTheEndCanBeAStopSequence() {
    TokenText text = new TokenText(List.of("x\uFFFD"));
    assertThat(text.append(new byte[] {'a', 'x', (byte) 0xf0})).isEqualTo("a");
    assertThat(text.finish()).isEmpty();
    assertThat(text.stopSequence()).isEqualTo("x\uFFFD");
  }

  @Test
  void holdsBackNoMoreThanCouldBegin() {
    TokenText text = new TokenText(List.of("stop"));
    assertThat(text.append("do st".getBytes(UTF_8))).isEqualTo("do ");
    assertThat(text.append("sto".getBytes(UTF_8))).isEqualTo("st");
    assertThat(text.append("ne".getBytes(UTF_8))).isEqualTo("stone");
  }

  @Test
  void ofTwoSequencesThatEndTogetherTheLongerCounts() {
    TokenText text = new TokenText(List.of("b", "ab"));
    assertThat(text.append("xab".getBytes(UTF_8))).isEqualTo("x");
    assertThat(text.stopSequence()).isEqualTo("ab");
  }

  @Test
  void ofTwoSequencesTheOneThatEndsFirstCounts() {
    TokenText text = new TokenText(List.of("abcd", "bc"));
    assertThat(text.append("abcd".getBytes(UTF_8))).isEqualTo("a");
    assertThat(text.stopSequence()).isEqualTo("bc");
  }

  @Test
  void whereverTheBytesAreCutTheTextIsThatOfANaiveSearch() {
    int stopped = 0;
    for (long seed = 1; seed <= 5000; seed++) {
      stopped += checkAgainstOracle(seed) ? 1 : 0;
    }
    assertThat(stopped).isBetween(500, 4500);
  }

  /** Generates everything, decodes it whole, then searches. */
  private static boolean checkAgainstOracle(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> stops = randomStops(random);
    byte[] bytes = randomBytes(random);
    String whole = new String(bytes, UTF_8);
    int end = firstEnd(whole, stops);
    String stop = longestEndingAt(whole, end, stops);
    String expected = whole.substring(0, end - stop.length());

    TokenText text = new TokenText(stops);
    StringBuilder written = new StringBuilder();
    for (int from = 0; from < bytes.length && !text.isStopped(); ) {
      int to = Math.min(bytes.length, from + random.nextInt(1, 6));
      written.append(text.append(Arrays.copyOfRange(bytes, from, to)));
      assertThat(expected).as("seed %d", seed).startsWith(written);
      assertThat(text.isStopped() || lag(written, bytes, to) <= longest(stops)).isTrue();
      from = to;
    }
    written.append(text.finish());
    assertThat(written.toString()).as("seed %d", seed).isEqualTo(expected);
    assertThat(text.stopSequence() == null ? "" : text.stopSequence()).isEqualTo(stop);
    return text.isStopped();
  }

  /** How many chars the text is behind what the bytes so far certainly say. */
  private static int lag(StringBuilder written, byte[] bytes, int to) {
    String soFar = new String(bytes, 0, to, UTF_8);
    int unfinished = soFar.endsWith("\uFFFD") ? 1 : 0;
    return soFar.length() - unfinished - written.length();
  }

  private static int longest(List<String> stops) {
    return stops.stream().mapToInt(String::length).max().orElse(0);
  }

  private static int firstEnd(String text, List<String> stops) {
    for (int end = 0; end <= text.length(); end++) {
      if (!longestEndingAt(text, end, stops).isEmpty()) {
        return end;
      }
    }
    return text.length();
  }

  private static String longestEndingAt(String text, int end, List<String> stops) {
    String found = "";
    for (String stop : stops) {
      if (text.substring(0, end).endsWith(stop) && stop.length() > found.length()) {
        found = stop;
      }
    }
    return found;
  }

  private static List<String> randomStops(SplittableRandom random) {
    List<String> stops = new ArrayList<>();
    int[] alphabet = "aaabbc€😀\uFFFD".codePoints().toArray();
    for (int i = random.nextInt(4); i > 0; i--) {
      StringBuilder stop = new StringBuilder();
      for (int j = random.nextInt(1, 7); j > 0; j--) {
        stop.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
      }
      stops.add(stop.toString());
    }
    return stops;
  }

  private static byte[] randomBytes(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(30)];
    byte[] smile = "😀€".getBytes(UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      if (random.nextInt(4) == 0 && i + 7 <= bytes.length) {
        System.arraycopy(smile, 0, bytes, i, smile.length);
        i += 6;
      } else {
        bytes[i] =
            switch (random.nextInt(10)) {
              case 0 -> smile[random.nextInt(smile.length)];
              case 1 -> (byte) random.nextInt(256);
              default -> (byte) ('a' + random.nextInt(3));
            };
      }
    }
    return bytes;
  }
}
