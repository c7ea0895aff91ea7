package io.parley.safety;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A kind of personal or secret data that a text can hold. */
public enum PiiKind {
  /** A mail address. */
  EMAIL,
  /** A phone number, international or in a national form that is told from other numbers. */
  PHONE,
  /** The number of a payment card. */
  CARD,
  /** An international bank account number. */
  IBAN,
  /** A key or token that lets its holder in somewhere, or a private key. */
  SECRET;

  /** Its name in settings, rows, metrics and audits: in small letters. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What stands in the place of masked data of this kind. */
  public String mask() {
    return "[" + name() + "]";
  }

  /** The category of a refusal for it. */
  public String category() {
    return "pii_" + wireName();
  }

  /** The kind of that name, if there is one. */
  public static Optional<PiiKind> of(String wireName) {
    return Stream.of(values()).filter(kind -> kind.wireName().equals(wireName)).findFirst();
  }
}
