/**
 * The first gates: rules that people can read, from a file that people can edit. Main type: {@link
 * io.parley.safety.rules.RuleSet}, which is loaded once and gives an {@link
 * io.parley.safety.InputGate} and an {@link io.parley.safety.OutputGate}.
 *
 * <p>There are two kinds of rules. A <em>near</em> rule looks for words of several groups close to
 * each other; a <em>shape</em> looks for strings with a fixed form, such as keys. Both are matched
 * by automata that read each character once, forwards, in constant time and memory, whatever the
 * text: nothing backtracks, and a text may arrive in pieces cut anywhere.
 *
 * <p>A rule set is immutable and thread-safe; a {@link io.parley.safety.rules.RuleScan} belongs to
 * one text. Rules know of words only: they stop clear-cut requests, not clever ones.
 */
@NullMarked
package io.parley.safety.rules;

import org.jspecify.annotations.NullMarked;
