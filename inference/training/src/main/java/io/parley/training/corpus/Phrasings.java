package io.parley.training.corpus;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ways to say one thing: forms that are trained, each with its variants, and phrasings that are
 * only ever judged by.
 */
final class Phrasings {
  private static final double SHORTENED_SHARE = 0.15;
  private static final Pattern NOT_SAID = Pattern.compile("[^a-z0-9{}+*/<>-]+");

  private final List<List<String>> forms;
  private final List<String> trained;
  private final List<String> heldOut;
  private final Set<String> judged;

  private Phrasings(List<List<String>> forms, List<String> heldOut) {
    this.forms = forms;
    this.trained = forms.stream().flatMap(List::stream).distinct().toList();
    this.heldOut = heldOut;
    this.judged = heldOut.stream().map(Phrasings::normal).collect(Collectors.toSet());
  }

  /** The phrasings that a section of a source file lists. */
  static Phrasings of(Section section) {
    return new Phrasings(
        section.lines(Section.ASK).stream().map(line -> Template.expand(List.of(line))).toList(),
        Template.expand(section.lines(Section.ASK_HELD_OUT)));
  }

  /** The same phrasings with every one replaced by its variants. */
  Phrasings flatMap(Function<String, Stream<String>> variants) {
    return new Phrasings(
        forms.stream().map(form -> form.stream().flatMap(variants).toList()).toList(),
        heldOut.stream().flatMap(variants).toList());
  }

  /** All that may be trained, as the source has it; slots stay. */
  List<String> trained() {
    return trained;
  }

  /** All that is never trained. */
  List<String> heldOut() {
    return heldOut;
  }

  /** A trained one, written as users write. */
  String typed(RandomGenerator random) {
    String one = some(random);
    return unlessJudged(UserText.vary(random, one), one);
  }

  /** Half of them by form, since a form of few variants is as good as one of many. */
  private String some(RandomGenerator random) {
    String one = Draw.one(random, Draw.chance(random, 0.5) ? trained : Draw.one(random, forms));
    return Draw.chance(random, SHORTENED_SHARE)
        ? unlessJudged(UserText.shortened(random, one), one)
        : one;
  }

  /** What is changed must not become what the model is to be judged by. */
  private String unlessJudged(String changed, String original) {
    return judged.contains(normal(changed)) ? original : changed;
  }

  private static String normal(String text) {
    return NOT_SAID.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
  }
}
