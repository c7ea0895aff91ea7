package io.parley.model.template;

/**
 * Rewrites what the library reads differently from Jinja, to the same in words that it reads alike:
 * {@code x[::-1]} becomes {@code x|reverse}, for its slices take no step; and values of {@code
 * namespace(name=value)} get parentheses, for it lets the name bind closer than an operator.
 */
final class JinjaDialect {
  private static final String REVERSED_SLICE = "[::-1]";
  private static final String REVERSE_FILTER = "|reverse";
  private static final String NAMESPACE = "namespace(";

  private final String source;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private JinjaDialect(String source) {
    this.source = source;
  }

  static String translate(String source) {
    return new JinjaDialect(source.replace(REVERSED_SLICE, REVERSE_FILTER)).translate();
  }

  private String translate() {
    for (int call = source.indexOf(NAMESPACE); call >= 0; call = source.indexOf(NAMESPACE, at)) {
      int arguments = call + NAMESPACE.length();
      out.append(source, at, arguments);
      at = arguments;
      translateArguments();
    }
    return out.append(source.substring(at)).toString();
  }

  /** Up to the parenthesis that ends the call; one that never ends is left to the parser. */
  private void translateArguments() {
    while (at < source.length() && source.charAt(at) != ')') {
      int end = endOfArgument();
      String argument = source.substring(at, end);
      int equals = argument.indexOf('=');
      boolean named = equals > 0 && !argument.startsWith("==", equals);
      out.append(
          named
              ? argument.substring(0, equals + 1) + "(" + argument.substring(equals + 1) + ")"
              : argument);
      at = end;
      if (at < source.length() && source.charAt(at) == ',') {
        out.append(',');
        at++;
      }
    }
  }

  private int endOfArgument() {
    int depth = 0;
    char quote = 0;
    for (int i = at; i < source.length(); i++) {
      char c = source.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(' || c == '[' || c == '{') {
        depth++;
      } else if (depth == 0 && (c == ',' || c == ')')) {
        return i;
      } else if (c == ')' || c == ']' || c == '}') {
        depth--;
      }
    }
    return source.length();
  }
}
