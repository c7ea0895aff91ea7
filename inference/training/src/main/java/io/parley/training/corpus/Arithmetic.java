package io.parley.training.corpus;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Sums, differences and small products. Two-digit answers show tens and units first: each step is
 * then one that a small model has seen, although it never saw the pair.
 */
final class Arithmetic implements ConversationSource {
  /** An operation and the section of the file that asks for it. */
  enum Operation {
    SUM('+'),
    DIFFERENCE('-'),
    PRODUCT('*');

    final char sign;

    Operation(char sign) {
      this.sign = sign;
    }
  }

  /** One task; the first operand of a difference is not the smaller one. */
  record Task(Operation operation, int a, int b) {
    /** Whether the pair, in either order, is kept out of training. */
    boolean heldOut() {
      return Math.max(a, b) >= 10
          && Draw.heldOut(Math.min(a, b) + "," + Math.max(a, b), HELD_OUT_PERCENT);
    }

    String answer() {
      return switch (operation) {
        case SUM -> Math.max(a, b) < 10 ? equation(a, '+', b) + "." : sum();
        case DIFFERENCE -> a < 10 ? equation(a, '-', b) + "." : difference();
        case PRODUCT -> equation(a, '*', b) + ".";
      };
    }

    private String sum() {
      int tens = tens(a) + tens(b);
      int units = a % 10 + b % 10;
      return steps(
          equation(tens(a), '+', tens(b)),
          equation(a % 10, '+', b % 10),
          equation(tens, '+', units));
    }

    private String difference() {
      int tens = tens(a) - tens(b);
      int units = a % 10 - b % 10;
      return steps(
          equation(tens(a), '-', tens(b)),
          equation(a % 10, '-', b % 10),
          equation(tens, units < 0 ? '-' : '+', Math.abs(units)));
    }

    private String steps(String tens, String units, String both) {
      return String.join(", ", tens, units, both) + ". So " + equation(a, operation.sign, b) + ".";
    }

    private static int tens(int number) {
      return number - number % 10;
    }

    private static String equation(int a, char sign, int b) {
      int result =
          switch (sign) {
            case '+' -> a + b;
            case '-' -> a - b;
            default -> a * b;
          };
      return a + " " + sign + " " + b + " = " + result;
    }
  }

  private static final int HELD_OUT_PERCENT = 25;
  private static final int CASES = 150;

  private final Map<Operation, List<String>> asks;
  private final Map<Operation, List<String>> heldOutAsks;

  Arithmetic() {
    List<Section> sections = Section.read("arithmetic.txt");
    asks = phrasings(sections, Section.ASK);
    heldOutAsks = phrasings(sections, Section.ASK_HELD_OUT);
  }

  @Override
  public String category() {
    return "arithmetic";
  }

  @Override
  public List<Message> training(RandomGenerator random) {
    Task task = task(random);
    while (task.heldOut()) {
      task = task(random);
    }
    String ask = UserText.vary(random, Draw.one(random, phrasings(asks, task)));
    return ConversationSource.exchange(filled(ask, task), task.answer());
  }

  /** The operations and sizes in the shares in which they are trained. */
  private static Task task(RandomGenerator random) {
    double kind = random.nextDouble();
    if (kind < 0.12) {
      return new Task(Operation.PRODUCT, random.nextInt(10), random.nextInt(10));
    }
    boolean sum = kind < 0.6;
    boolean small = Draw.chance(random, 0.15);
    int a = small ? random.nextInt(10) : twoDigits(random);
    int b = small || Draw.chance(random, 0.15) ? random.nextInt(10) : twoDigits(random);
    if (sum) {
      return Draw.chance(random, 0.5)
          ? new Task(Operation.SUM, a, b)
          : new Task(Operation.SUM, b, a);
    }
    return new Task(Operation.DIFFERENCE, Math.max(a, b), Math.min(a, b));
  }

  private static int twoDigits(RandomGenerator random) {
    return random.nextInt(10, 100);
  }

  @Override
  public List<EvaluationCase> heldOut(RandomGenerator random) {
    Stream<EvaluationCase> sums =
        Stream.generate(() -> task(random))
            .filter(Task::heldOut)
            .distinct()
            .limit(CASES)
            .map(
                task ->
                    evaluation(
                        "sums-unseen",
                        random,
                        task,
                        Draw.chance(random, 0.5) ? asks : heldOutAsks));
    Stream<EvaluationCase> products =
        IntStream.range(0, 100)
            .mapToObj(i -> new Task(Operation.PRODUCT, i / 10, i % 10))
            .map(task -> evaluation("products", random, task, heldOutAsks));
    return Stream.concat(sums, products).toList();
  }

  private static EvaluationCase evaluation(
      String category, RandomGenerator random, Task task, Map<Operation, List<String>> asks) {
    String ask = Draw.one(random, phrasings(asks, task));
    return EvaluationCase.single(category, filled(ask, task), task.answer());
  }

  private static String filled(String ask, Task task) {
    return Template.fill(ask, Map.of("a", "" + task.a, "b", "" + task.b));
  }

  private static List<String> phrasings(Map<Operation, List<String>> asks, Task task) {
    List<String> found = asks.get(task.operation);
    if (found == null) {
      throw new IllegalStateException("no phrasing of " + task.operation);
    }
    return found;
  }

  private static Map<Operation, List<String>> phrasings(List<Section> sections, char mark) {
    return Map.of(
        Operation.SUM, Template.expand(Section.named(sections, "sum").lines(mark)),
        Operation.DIFFERENCE, Template.expand(Section.named(sections, "difference").lines(mark)),
        Operation.PRODUCT, Template.expand(Section.named(sections, "product").lines(mark)));
  }
}
