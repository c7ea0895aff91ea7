package io.parley.server.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A fault as a line of the log may have it: its types, and where it happened. What it says is left
 * out, for a fault on the way of a request may say it in the words of the prompt; only faults of
 * input, output and the virtual machine speak, for they know no prompt.
 */
final class QuietStack {
  private static final int MAX_FRAMES = 40;
  private static final int MAX_CAUSES = 8;

  private QuietStack() {}

  /** The fault and its causes, a line for each and for each place; empty for none. */
  static String of(@Nullable IThrowableProxy fault) {
    StringBuilder out = new StringBuilder();
    int causes = 0;
    for (IThrowableProxy each = fault;
        each != null && causes < MAX_CAUSES;
        each = each.getCause()) {
      out.append(causes++ == 0 ? "" : "Caused by: ").append(head(each)).append('\n');
      StackTraceElementProxy[] frames = each.getStackTraceElementProxyArray();
      int shown = Math.min(frames.length - each.getCommonFrames(), MAX_FRAMES);
      for (int i = 0; i < shown; i++) {
        out.append("\t").append(frames[i].getSTEAsString()).append('\n');
      }
    }
    return out.toString();
  }

  private static String head(IThrowableProxy fault) {
    return speaks(fault) && fault.getMessage() != null
        ? fault.getClassName() + ": " + fault.getMessage()
        : fault.getClassName();
  }

  private static boolean speaks(IThrowableProxy fault) {
    return fault instanceof ThrowableProxy real
        && (real.getThrowable() instanceof IOException
            || real.getThrowable() instanceof VirtualMachineError
            || real.getThrowable() instanceof LinkageError);
  }
}
