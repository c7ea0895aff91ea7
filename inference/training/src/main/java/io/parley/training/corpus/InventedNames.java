package io.parley.training.corpus;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Names that nobody has: syllables put together, thousands of them for every kind. One stem in ten
 * is held out of training in all its forms.
 */
final class InventedNames {
  /** What the name is for, which decides its form. */
  enum Kind {
    PERSON,
    PLACE,
    ELEMENT,
    SYMBOL,
    CREATURE,
    WORD,
    TITLE,
    DEVICE
  }

  private static final int HELD_OUT_PERCENT = 10;
  private static final List<String> ONSETS =
      words(
          "b br c ch d dr f fl g gl gr h j k kl kr l m n p pl pr qu r s sh sk sl st t th tr v vr w y z zh");
  private static final List<String> VOWELS = words("a e i o u a e i o u ae ia ee oo ai ou");
  private static final List<String> CODAS = words("- - - - - n r l s m th k x nd rk ll sh t v");
  private static final List<String> PLACE_ENDINGS =
      words("ia ia ia land stan ova istan onia eth ora mar burg or ania aria");
  private static final List<String> ELEMENT_ENDINGS = words("ium ium ium on ine ite ogen ese");
  private static final List<String> DEVICE_ENDINGS =
      words("graph scope phone ometer tron machine engine matic lamp drive");
  private static final List<String> TITLES =
      List.of(
          "The %s",
          "The Song of %s",
          "The %s Affair",
          "Return to %s",
          "The Last %s",
          "%s at Dawn",
          "The House of %s",
          "Letters from %s",
          "A Night in %s",
          "The Secret of %s");

  private final Set<String> taken;

  /**
   * @param taken real names in lower case, which are never made
   */
  InventedNames(Set<String> taken) {
    this.taken = Set.copyOf(taken);
  }

  /** A name of the training side. */
  String training(RandomGenerator random, Kind kind) {
    return name(random, kind, false);
  }

  /** A name that is never in training. */
  String heldOut(RandomGenerator random, Kind kind) {
    return name(random, kind, true);
  }

  /** Whether {@link #heldOut} alone makes names with this stem. */
  static boolean isHeldOut(String stem) {
    return Draw.heldOut(stem.toLowerCase(Locale.ROOT), HELD_OUT_PERCENT);
  }

  private String name(RandomGenerator random, Kind kind, boolean heldOut) {
    while (true) {
      String stem = kind == Kind.SYMBOL ? symbol(random) : stem(random);
      String name = form(random, kind, stem);
      boolean free = !taken.contains(stem) && !taken.contains(name.toLowerCase(Locale.ROOT));
      if (free && isHeldOut(stem) == heldOut) {
        return name;
      }
    }
  }

  private static String form(RandomGenerator random, Kind kind, String stem) {
    String proper = Template.capitalised(stem);
    return switch (kind) {
      case PERSON, SYMBOL -> proper;
      case PLACE -> proper + Draw.one(random, PLACE_ENDINGS);
      case ELEMENT -> stem + Draw.one(random, ELEMENT_ENDINGS);
      case CREATURE -> ("aeiou".indexOf(stem.charAt(0)) >= 0 ? "an " : "a ") + stem;
      case WORD -> stem;
      case TITLE -> Draw.one(random, TITLES).replace("%s", proper);
      case DEVICE -> "the " + stem + Draw.one(random, DEVICE_ENDINGS);
    };
  }

  private static String stem(RandomGenerator random) {
    StringBuilder stem = new StringBuilder();
    int syllables = 2 + (Draw.chance(random, 0.25) ? 1 : 0);
    for (int i = 0; i < syllables; i++) {
      stem.append(Draw.one(random, ONSETS)).append(Draw.one(random, VOWELS));
    }
    stem.append(Draw.one(random, CODAS).replace("-", ""));
    return stem.toString();
  }

  private static String symbol(RandomGenerator random) {
    return "" + (char) ('a' + random.nextInt(26)) + (char) ('a' + random.nextInt(26));
  }

  private static List<String> words(String text) {
    return List.of(text.split(" ", -1));
  }
}
