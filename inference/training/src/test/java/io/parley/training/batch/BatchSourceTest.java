package io.parley.training.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.training.bpe.SpecialTokens;
import io.parley.training.corpus.Conversation;
import io.parley.training.corpus.Message;
import io.parley.training.corpus.Role;
import io.parley.training.llama.Windows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchSourceTest {
  private static final float USER_WEIGHT = 0.25f;
  private static final int BATCH_TOKENS = 3_000;

  /** Longest text of a user, so that every conversation fits a window. */
  private static final int LETTERS = 50;

  /** What one place of a window teaches. */
  private record Lesson(int token, int target, float weight) {}

  @Test
  void everyConversationIsInABatchOnceAndWhole() {
    BatchSource source = source(0, LETTERS);
    PositionedBatch batch = source.batch(40, 0);
    assertThat(batch.batch().groups()).hasSizeGreaterThan(1);
    assertThat(batch.tokens()).isEqualTo(lessons(batch).size());
    assertThat(lessons(batch)).containsExactlyInAnyOrderElementsOf(expected(40, batch));
  }

  @Test
  void aConversationStandsInASegmentOfItsOwnFromPositionZeroOn() {
    for (Windows group : source(0, LETTERS).batch(0, 0).batch().groups()) {
      for (int place = 0; place < group.size(); place++) {
        boolean opens =
            place % group.windowTokens() == 0
                || group.segments()[place] != group.segments()[place - 1];
        int position = opens ? 0 : group.positions()[place - 1] + 1;
        assertThat(group.positions()[place]).isEqualTo(position);
        if (!opens) {
          boolean padding = group.targetWeights()[place] == 0;
          assertThat(group.tokens()[place]).isEqualTo(padding ? 0 : group.targets()[place - 1]);
        } else if (group.targetWeights()[place] > 0) {
          assertThat(group.tokens()[place]).isEqualTo(SpecialTokens.BEGIN);
        }
      }
    }
  }

  @Test
  void segmentsRiseWithinAWindow() {
    for (Windows group : source(0, LETTERS).batch(0, 0).batch().groups()) {
      for (int place = 1; place < group.size(); place++) {
        int rise = group.segments()[place] - group.segments()[place - 1];
        assertThat(rise).isBetween(place % group.windowTokens() == 0 ? Integer.MIN_VALUE : 0, 1);
      }
    }
  }

  @Test
  void windowsAreAsShortAsTheirConversationsAllow() {
    for (Windows group : source(0, LETTERS).batch(0, 0).batch().groups()) {
      if (group.windowTokens() > 128) {
        for (int window = 0; window < group.count(); window++) {
          int first = window * group.windowTokens();
          assertThat(lengthOfSegment(group, first)).isGreaterThan(group.windowTokens() / 2);
        }
      }
    }
  }

  private static int lengthOfSegment(Windows group, int first) {
    int end = first;
    while (end < group.size() && group.segments()[end] == group.segments()[first]) {
      end++;
    }
    return end - first;
  }

  @Test
  void theDataGoesOnWhereABatchEnded() {
    BatchSource source = source(0.2, LETTERS);
    long position = 0;
    for (int step = 0; step < 20; step++) {
      PositionedBatch batch = source.batch(position, step);
      assertThat(batch.nextPosition()).isGreaterThan(position);
      int tokens = 0;
      for (long index = position; index < batch.nextPosition(); index++) {
        assertThat(tokens).isLessThan(BATCH_TOKENS);
        tokens += encode(conversation(index, LETTERS)).tokens().length - 1;
      }
      assertThat(batch.tokens()).isEqualTo(tokens).isGreaterThanOrEqualTo(BATCH_TOKENS);
      position = batch.nextPosition();
    }
  }

  @Test
  void aBatchIsAFunctionOfItsPosition() {
    BatchSource source = source(0, LETTERS);
    source.batch(0, 0);
    assertThat(lessons(source.batch(57, 3))).isEqualTo(lessons(source(0, LETTERS).batch(57, 3)));
  }

  @Test
  void aConversationLongerThanTheLongestWindowIsCut() {
    PositionedBatch batch = source(0, 2_000).batch(0, 0);
    List<EncodedConversation> whole =
        IntStream.range(0, (int) batch.nextPosition())
            .mapToObj(index -> encode(conversation(index, 2_000)))
            .sorted(Comparator.comparingInt(c -> -c.tokens().length))
            .toList();
    Windows longest = batch.batch().groups().getLast();
    assertThat(longest.windowTokens()).isEqualTo(256);
    assertThat(whole.getFirst().tokens().length).isGreaterThan(257);
    for (int i = 0; i < 256; i++) {
      assertThat(longest.tokens()[i]).isEqualTo(whole.getFirst().tokens()[i]);
      assertThat(longest.targets()[i]).isEqualTo(whole.getFirst().tokens()[i + 1]);
    }
  }

  @Test
  void theShareOfLongStepsIsMet() {
    BatchSource source = source(0.25, LETTERS);
    List<Integer> longSteps = new ArrayList<>();
    for (int step = 0; step < 16; step++) {
      List<Windows> groups = source.batch(0, step).batch().groups();
      if (groups.getLast().windowTokens() == 512) {
        longSteps.add(step);
      }
    }
    assertThat(longSteps).containsExactly(3, 7, 11, 15);
  }

  @Test
  void conversationsOfALongWindowAreTurnsOfOne() {
    PositionedBatch batch = source(1, LETTERS).batch(0, 0);
    Windows group = batch.batch().groups().getFirst();
    int begins = 0;
    int bridges = 0;
    for (int place = 0; place < group.size(); place++) {
      int inWindow = place % group.windowTokens();
      if (group.segments()[place] == 0) {
        assertThat(group.positions()[place]).isEqualTo(inWindow);
        begins += inWindow == 0 && group.tokens()[place] == SpecialTokens.BEGIN ? 1 : 0;
        bridges += group.targetWeights()[place] == 0 ? 1 : 0;
        if (inWindow > 0) {
          assertThat(group.tokens()[place])
              .isEqualTo(group.targets()[place - 1])
              .isNotEqualTo(SpecialTokens.BEGIN);
        }
      }
    }
    assertThat(begins).isEqualTo(group.count());
    // That another conversation follows is nothing to learn.
    assertThat(bridges).isEqualTo((int) batch.nextPosition() - group.count());
  }

  @Test
  void theAssistantsTokensCountInFullAndTheUsersALittle() {
    EncodedConversation encoded =
        encode(
            new Conversation(
                "one", List.of(new Message(Role.USER, "ab"), new Message(Role.ASSISTANT, "c"))));
    assertThat(encoded.tokens())
        .containsExactly(
            SpecialTokens.BEGIN,
            SpecialTokens.USER,
            'a',
            'b',
            SpecialTokens.END,
            SpecialTokens.ASSISTANT,
            'c',
            SpecialTokens.END);
    assertThat(encoded.answers())
        .containsExactly(false, false, false, false, false, false, true, true);
  }

  private static List<Lesson> lessons(PositionedBatch batch) {
    List<Lesson> lessons = new ArrayList<>();
    for (Windows group : batch.batch().groups()) {
      for (int place = 0; place < group.size(); place++) {
        if (group.targetWeights()[place] > 0) {
          lessons.add(
              new Lesson(
                  group.tokens()[place], group.targets()[place], group.targetWeights()[place]));
        }
      }
    }
    return lessons;
  }

  private static List<Lesson> expected(long position, PositionedBatch batch) {
    List<Lesson> lessons = new ArrayList<>();
    for (long index = position; index < batch.nextPosition(); index++) {
      EncodedConversation encoded = encode(conversation(index, LETTERS));
      for (int i = 0; i + 1 < encoded.tokens().length; i++) {
        float weight = encoded.answers()[i + 1] ? 1 : USER_WEIGHT;
        lessons.add(new Lesson(encoded.tokens()[i], encoded.tokens()[i + 1], weight));
      }
    }
    return lessons;
  }

  private static BatchSource source(double longShare, int longest) {
    return new BatchSource(
        index -> conversation(index, longest),
        BatchSourceTest::characters,
        new BatchSettings(BATCH_TOKENS, 256, 512, longShare, USER_WEIGHT));
  }

  private static EncodedConversation encode(Conversation conversation) {
    return new ConversationEncoder(BatchSourceTest::characters).encode(conversation);
  }

  private static int[] characters(String text) {
    return text.chars().toArray();
  }

  /** One or two exchanges of letters; the lengths differ from index to index. */
  private static Conversation conversation(long index, int longest) {
    Random random = new Random(index);
    List<Message> messages = new ArrayList<>();
    for (int turns = 1 + random.nextInt(2); turns > 0; turns--) {
      messages.add(new Message(Role.USER, letters(random, longest)));
      messages.add(new Message(Role.ASSISTANT, letters(random, 60)));
    }
    return new Conversation("letters", messages);
  }

  private static String letters(Random random, int longest) {
    int length = 1 + random.nextInt(longest);
    return random
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
