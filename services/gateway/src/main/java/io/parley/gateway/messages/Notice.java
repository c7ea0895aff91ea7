package io.parley.gateway.messages;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Something that a client sent, that is accepted, and that the answer does not use. Clients see it
 * in a header, so that nothing is dropped in silence.
 *
 * @param field the path of what was sent
 * @param remark why it is not used; {@code {model}} stands for the model
 */
record Notice(String field, String remark) {
  private static final Pattern NOT_PRINTABLE = Pattern.compile("[^\\x20-\\x7e]");

  /** One line of printable ASCII; empty if there is nothing to say, as is usual. */
  static String line(List<Notice> notices, String modelId) {
    if (notices.isEmpty()) {
      return "";
    }
    String line =
        notices.stream()
            .distinct()
            .map(notice -> notice.field + ": " + notice.remark.replace("{model}", modelId))
            .collect(Collectors.joining("; "));
    return NOT_PRINTABLE.matcher(line).replaceAll("?");
  }
}
