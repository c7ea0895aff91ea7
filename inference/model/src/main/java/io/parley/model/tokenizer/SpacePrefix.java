package io.parley.model.tokenizer;

/**
 * Whether text gets a space before it, so that a word at its beginning has the token that it has
 * elsewhere. A section is text up to the next special or added token.
 */
enum SpacePrefix {
  /** Never. */
  NONE,
  /** Before every section. */
  EVERY_SECTION,
  /** Before every section that does not begin with a space. */
  EVERY_SECTION_UNLESS_THERE,
  /** Before the section that begins the text, unless it begins with a space. */
  FIRST_SECTION_UNLESS_THERE;

  /** Whether a section gets a space. */
  boolean applies(String section, boolean first) {
    return switch (this) {
      case NONE -> false;
      case EVERY_SECTION -> true;
      case EVERY_SECTION_UNLESS_THERE -> !startsWithSpace(section);
      case FIRST_SECTION_UNLESS_THERE -> first && !startsWithSpace(section);
    };
  }

  private static boolean startsWithSpace(String section) {
    return section.startsWith(" ") || section.charAt(0) == PieceVocabulary.SPACE;
  }
}
