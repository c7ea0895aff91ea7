package io.parley.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import org.jspecify.annotations.Nullable;

/**
 * The methods of Python's strings, which templates call because Jinja lets them. A call that this
 * resolver does not know goes to the next.
 */
final class PythonStrings extends CompositeELResolver {
  @Override
  public @Nullable Object invoke(
      ELContext context,
      @Nullable Object base,
      @Nullable Object method,
      Class<?> @Nullable [] types,
      @Nullable Object @Nullable [] arguments) {
    if (!(base instanceof CharSequence text) || method == null) {
      return null;
    }
    Object result = call(text.toString(), method.toString(), strings(arguments));
    if (result != null) {
      context.setPropertyResolved(true);
    }
    return result;
  }

  private static List<String> strings(@Nullable Object @Nullable [] arguments) {
    List<String> out = new ArrayList<>();
    if (arguments != null) {
      for (Object argument : arguments) {
        out.add(String.valueOf(argument));
      }
    }
    return out;
  }

  private static @Nullable Object call(String text, String method, List<String> arguments) {
    String first = arguments.isEmpty() ? null : arguments.getFirst();
    return switch (arguments.size()) {
      case 0 -> withoutArguments(text, method);
      case 1 -> first == null ? null : withArgument(text, method, first);
      case 2 -> method.equals("replace") ? text.replace(arguments.get(0), arguments.get(1)) : null;
      default -> null;
    };
  }

  private static @Nullable Object withoutArguments(String text, String method) {
    return switch (method) {
      case "strip" -> text.strip();
      case "lstrip" -> text.stripLeading();
      case "rstrip" -> text.stripTrailing();
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "split" -> text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
      default -> null;
    };
  }

  private static @Nullable Object withArgument(String text, String method, String argument) {
    return switch (method) {
      case "startswith" -> text.startsWith(argument);
      case "endswith" -> text.endsWith(argument);
      case "strip" -> strip(text, argument, true, true);
      case "lstrip" -> strip(text, argument, true, false);
      case "rstrip" -> strip(text, argument, false, true);
      case "split" -> split(text, argument);
      default -> null;
    };
  }

  private static String strip(String text, String characters, boolean left, boolean right) {
    IntPredicate strips = at -> characters.indexOf(text.charAt(at)) >= 0;
    int from = 0;
    int to = text.length();
    while (left && from < to && strips.test(from)) {
      from++;
    }
    while (right && to > from && strips.test(to - 1)) {
      to--;
    }
    return text.substring(from, to);
  }

  private static List<String> split(String text, String separator) {
    if (separator.isEmpty()) {
      throw new IllegalArgumentException("split by an empty text");
    }
    List<String> out = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      out.add(text.substring(from, at));
      from = at + separator.length();
    }
    out.add(text.substring(from));
    return out;
  }

  /** This resolver before another. */
  static ELResolver before(ELResolver other) {
    CompositeELResolver both = new CompositeELResolver();
    both.add(new PythonStrings());
    both.add(other);
    return both;
  }
}
