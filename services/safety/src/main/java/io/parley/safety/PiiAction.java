package io.parley.safety;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What an organisation wants done with personal data of one kind. */
public enum PiiAction {
  /** Nothing; it is not even counted. */
  OFF,
  /** It is counted and audited; the text stays as it is. */
  DETECT,
  /** {@link PiiKind#mask} takes its place. */
  MASK,
  /** The text does not pass. */
  REFUSE;

  /** Its name in settings, rows, metrics and audits: in small letters. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The action of that name, if there is one. */
  public static Optional<PiiAction> of(String wireName) {
    return Stream.of(values()).filter(action -> action.wireName().equals(wireName)).findFirst();
  }
}
