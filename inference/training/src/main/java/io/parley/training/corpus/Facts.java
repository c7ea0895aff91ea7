package io.parley.training.corpus;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * World facts, one canonical sentence each, and the refusal for everything of the same kind that
 * the model was not taught. Without the second half a small model answers any question that looks
 * like a known one.
 */
final class Facts implements ConversationSource {
  private record Fact(Relation relation, Map<String, String> slots) {}

  private static final int CASES = 200;
  private static final double UNKNOWN_SHARE = 0.28;

  private final List<Relation> relations;
  private final List<Fact> facts;
  private final List<Relation> refusable;
  private final InventedNames names;

  Facts() {
    relations = Section.read("facts.txt").stream().map(Relation::from).toList();
    facts = pairs(relations, Relation::facts);
    refusable = relations.stream().filter(relation -> !relation.unknown().isEmpty()).toList();
    names = new InventedNames(taken(relations));
  }

  @Override
  public String category() {
    return "facts";
  }

  List<Relation> relations() {
    return relations;
  }

  @Override
  public List<Message> training(RandomGenerator random) {
    return Draw.chance(random, UNKNOWN_SHARE) ? refused(random) : known(random);
  }

  /** A question that has an answer. */
  List<Message> known(RandomGenerator random) {
    Fact fact = Draw.one(random, facts);
    String ask = fact.relation.asks().typed(random);
    return ConversationSource.exchange(
        Template.fill(ask, varied(random, fact.slots)), answer(fact));
  }

  private List<Message> refused(RandomGenerator random) {
    Relation relation = Draw.one(random, refusable);
    boolean invent = !relation.invented().isEmpty() && Draw.chance(random, 0.6);
    Map<String, String> slots =
        invent
            ? Map.of("x", names.training(random, Draw.one(random, relation.invented())))
            : Draw.one(random, relation.unknown());
    String ask = relation.asks().typed(random);
    return ConversationSource.exchange(Template.fill(ask, varied(random, slots)), REFUSAL);
  }

  @Override
  public List<EvaluationCase> heldOut(RandomGenerator random) {
    return Stream.of(unseenPhrasings(random), unknownReal(random), unknownInvented(random))
        .flatMap(List::stream)
        .distinct()
        .toList();
  }

  private List<EvaluationCase> unseenPhrasings(RandomGenerator random) {
    return IntStream.range(0, CASES)
        .mapToObj(i -> Draw.one(random, facts))
        .map(
            fact ->
                EvaluationCase.single(
                    "facts-unseen-phrasing",
                    Template.fill(Draw.one(random, fact.relation.asks().heldOut()), fact.slots),
                    answer(fact)))
        .toList();
  }

  private List<EvaluationCase> unknownReal(RandomGenerator random) {
    List<Fact> unknown = pairs(relations, Relation::heldOut);
    return IntStream.range(0, CASES / 2)
        .mapToObj(i -> Draw.one(random, unknown))
        .map(fact -> refusal(random, fact.relation, fact.slots))
        .toList();
  }

  private List<EvaluationCase> unknownInvented(RandomGenerator random) {
    List<Relation> inventive = relations.stream().filter(r -> !r.invented().isEmpty()).toList();
    return IntStream.range(0, CASES / 2)
        .mapToObj(i -> Draw.one(random, inventive))
        .map(
            relation ->
                refusal(
                    random,
                    relation,
                    Map.of("x", names.heldOut(random, Draw.one(random, relation.invented())))))
        .toList();
  }

  private static EvaluationCase refusal(
      RandomGenerator random, Relation relation, Map<String, String> slots) {
    String ask = Draw.one(random, relation.asks().trained());
    return EvaluationCase.single("facts-unknown", Template.fill(ask, slots), REFUSAL);
  }

  private static String answer(Fact fact) {
    return Template.fill(fact.relation.answer(), fact.slots);
  }

  private static Map<String, String> varied(RandomGenerator random, Map<String, String> slots) {
    Map<String, String> varied = new HashMap<>(slots);
    varied.computeIfPresent("x", (slot, value) -> UserText.varyCase(random, value));
    return varied;
  }

  private static List<Fact> pairs(
      List<Relation> relations, Function<Relation, List<Map<String, String>>> rows) {
    return relations.stream()
        .flatMap(relation -> rows.apply(relation).stream().map(row -> new Fact(relation, row)))
        .toList();
  }

  private static Set<String> taken(List<Relation> relations) {
    return relations.stream()
        .flatMap(r -> Stream.of(r.facts(), r.unknown(), r.heldOut()).flatMap(List::stream))
        .flatMap(row -> row.values().stream())
        .map(value -> value.toLowerCase(Locale.ROOT).replaceFirst("^(a|an|the) ", ""))
        .collect(Collectors.toUnmodifiableSet());
  }
}
