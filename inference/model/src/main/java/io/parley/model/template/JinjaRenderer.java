package io.parley.model.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import io.parley.common.ParleyException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Renders one Jinja template by the rules that chat templates are written for: blocks swallow the
 * newline after them and the blanks before them, and a variable that is not there is empty.
 *
 * <p>Everything that the interpreter would pass over in silence (an unknown filter or test, a
 * truncated output) is an error. The interpreter is made at the first use, which takes half a
 * second of class loading. Thread-safe.
 */
final class JinjaRenderer {
  /** Characters that a template may write. */
  static final int MAX_OUTPUT_LENGTH = 8 << 20;

  /** Elements of a list or map, and steps of one loop over numbers. */
  static final int MAX_ELEMENTS = 10_000;

  /** Nodes of the template that one rendering may visit, loops included. */
  static final int MAX_STEPS = 500_000;

  private static final int MAX_DEPTH = 20;

  private static final String FILTER = "filter:";
  private static final String TEST = "exptest:";
  private static final ScopedValue<Rendering> RENDERING = ScopedValue.newInstance();

  private final String source;
  private @Nullable Jinjava jinjava;

  JinjaRenderer(String source) {
    // Jinja drops one newline at the end of a template; the library would drop one of the output.
    String whole = source.endsWith("\n") ? source.substring(0, source.length() - 1) : source;
    this.source = JinjaDialect.translate(whole);
  }

  /** What one rendering has done so far. */
  private static final class Rendering {
    private int steps;
    private @Nullable String problem;

    void step() {
      if (++steps > MAX_STEPS) {
        throw stop("cannot be rendered: it takes more than " + MAX_STEPS + " steps");
      }
    }

    /** Remembers the first reason: the interpreter keeps but a part of it, and may go on. */
    RuntimeException stop(String why) {
      problem = problem == null ? why : problem;
      return new IllegalStateException(why);
    }
  }

  /** The function that templates call to refuse a conversation. */
  public static final class Functions {
    private Functions() {}

    /** Ends the rendering with a message for the caller. */
    public static Object raiseException(String message) {
      throw RENDERING.get().stop("refuses the conversation: " + message);
    }
  }

  /**
   * The template's output.
   *
   * @throws ParleyException INVALID_REQUEST if the template refuses, or cannot be rendered
   */
  String render(Map<String, Object> variables) {
    Jinjava interpreter = jinjava();
    Rendering rendering = new Rendering();
    RenderResult result =
        ScopedValue.where(RENDERING, rendering)
            .call(() -> interpreter.renderForResult(source, variables));
    if (rendering.problem != null) {
      throw failure(rendering.problem);
    }
    if (!result.getErrors().isEmpty()) {
      throw failure("cannot be rendered: " + result.getErrors().getFirst().getMessage());
    }
    requireKnown(result.getContext());
    return result.getOutput();
  }

  private static ParleyException failure(String problem) {
    return ParleyException.invalid("the model's chat template " + problem);
  }

  private static void requireKnown(Context context) {
    for (String value : context.getResolvedValues()) {
      if (value.startsWith(FILTER) && context.getFilter(value.substring(FILTER.length())) == null) {
        throw failure("cannot be rendered: unknown filter " + value.substring(FILTER.length()));
      }
      if (value.startsWith(TEST) && context.getExpTest(value.substring(TEST.length())) == null) {
        throw failure("cannot be rendered: unknown test " + value.substring(TEST.length()));
      }
    }
  }

  private synchronized Jinjava jinjava() {
    if (jinjava == null) {
      jinjava = new Jinjava(config());
      jinjava.registerFunction(
          new ELFunctionDefinition(
              "", "raise_exception", Functions.class, "raiseException", String.class));
    }
    return jinjava;
  }

  private static JinjavaConfig config() {
    return JinjavaConfig.newBuilder()
        .withTrimBlocks(true)
        .withLstripBlocks(true)
        .withKeepTrailingNewline(true)
        .withLegacyOverrides(
            LegacyOverrides.newBuilder()
                .withEvaluateMapKeys(true)
                .withIterateOverMapKeys(true)
                .withUseNaturalOperatorPrecedence(true)
                .withParseWhitespaceControlStrictly(true)
                .withAllowAdjacentTextNodes(true)
                .withUseTrimmingForNotesAndExpressions(true)
                .withKeepNullableLoopValues(true)
                .withHandleBackslashInQuotesOnly(true)
                .build())
        .withElResolver(PythonStrings.before(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY))
        // Else the output of {{ content }} would be read as a template once more.
        .withNestedInterpretationEnabled(false)
        // Makes the interpreter note the filters that it looks for.
        .withEnableFilterChainOptimization(true)
        .withMaxOutputSize(MAX_OUTPUT_LENGTH)
        .withMaxStringLength(MAX_OUTPUT_LENGTH)
        .withMaxListSize(MAX_ELEMENTS)
        .withMaxMapSize(MAX_ELEMENTS)
        .withRangeLimit(MAX_ELEMENTS)
        .withMaxRenderDepth(MAX_DEPTH)
        .withMaxMacroRecursionDepth(MAX_DEPTH)
        .withDisabled(Map.of(Context.Library.TAG, Set.of("include", "import", "from", "extends")))
        .withProcessors(
            JinjavaProcessors.newBuilder()
                .withNodePreProcessor((node, interpreter) -> RENDERING.get().step())
                .build())
        .build();
  }
}
