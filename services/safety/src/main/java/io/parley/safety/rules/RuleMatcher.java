package io.parley.safety.rules;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules of one gate in the form in which they are matched. Immutable.
 *
 * @param owners for each phrase of the automaton, the group that it is of
 */
record RuleMatcher(
    List<Rule.Near> near, List<Rule.Shaped> shaped, PhraseAutomaton phrases, List<Group> owners) {
  RuleMatcher {
    near = List.copyOf(near);
    shaped = List.copyOf(shaped);
    owners = List.copyOf(owners);
  }

  /** A group of a near rule, by index. */
  record Group(int rule, int group) {}

  static RuleMatcher of(List<Rule> rules, Rule.Side side) {
    List<Rule.Near> near = new ArrayList<>();
    List<Rule.Shaped> shaped = new ArrayList<>();
    for (Rule rule : rules) {
      if (rule.sides().contains(side)) {
        switch (rule) {
          case Rule.Near words -> near.add(words);
          case Rule.Shaped form -> shaped.add(form);
        }
      }
    }
    return compile(near, shaped);
  }

  private static RuleMatcher compile(List<Rule.Near> near, List<Rule.Shaped> shaped) {
    List<String> phrases = new ArrayList<>();
    List<Group> owners = new ArrayList<>();
    for (int rule = 0; rule < near.size(); rule++) {
      for (int group = 0; group < near.get(rule).groups().size(); group++) {
        for (String phrase : near.get(rule).groups().get(group)) {
          phrases.add(phrase);
          owners.add(new Group(rule, group));
        }
      }
    }
    return new RuleMatcher(near, shaped, PhraseAutomaton.of(phrases), owners);
  }

  RuleScan scan() {
    return new RuleScan(this);
  }
}
