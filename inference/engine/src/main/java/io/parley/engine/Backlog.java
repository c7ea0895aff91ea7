package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;
import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The compute that waits, by class and organisation, and from it how much comes before a newcomer.
 *
 * <p>What waits in more urgent classes comes first, all of it. Inside a class organisations take
 * turns by weight, so until a newcomer's turn the engine works off what its own organisation has
 * waiting, and meanwhile for each other one as much as its weight allows, but no more than that one
 * has. A flood of one organisation therefore makes that organisation wait, and nobody else much.
 * What organisations run already is left out.
 */
final class Backlog {
  /** What waits of one organisation in one class. */
  private static final class Line {
    private final double weight;
    private double cost;
    private int sequences;

    Line(double weight) {
      this.weight = weight;
    }
  }

  private final Map<PriorityClass, Map<String, Line>> classes = new EnumMap<>(PriorityClass.class);

  Backlog() {
    for (PriorityClass priority : PriorityClass.values()) {
      classes.put(priority, new HashMap<>());
    }
  }

  private Map<String, Line> lines(PriorityClass priority) {
    return requireNonNull(classes.get(priority));
  }

  void add(Sequence sequence) {
    Line line =
        lines(sequence.priority())
            .computeIfAbsent(sequence.organisation(), _ -> new Line(sequence.weight()));
    line.cost += sequence.expectedCost();
    line.sequences++;
  }

  void remove(Sequence sequence) {
    Map<String, Line> lines = lines(sequence.priority());
    Line line = requireNonNull(lines.get(sequence.organisation()));
    line.cost -= sequence.expectedCost();
    if (--line.sequences == 0) {
      lines.remove(sequence.organisation()); // and with it what rounding left over
    }
  }

  /** The compute that comes before a sequence which is not among those that wait. */
  double before(Sequence newcomer) {
    double ahead = 0;
    for (PriorityClass priority : PriorityClass.values()) {
      if (priority.compareTo(newcomer.priority()) < 0) {
        ahead += total(lines(priority));
      }
    }
    return ahead + beforeInItsClass(newcomer);
  }

  private double beforeInItsClass(Sequence newcomer) {
    Map<String, Line> lines = lines(newcomer.priority());
    Line own = lines.get(newcomer.organisation());
    if (own == null) {
      return 0;
    }
    double perWeight = own.cost / newcomer.weight();
    double ahead = 0;
    for (Line line : lines.values()) {
      ahead += Math.min(line.cost, perWeight * line.weight);
    }
    return ahead;
  }

  private static double total(Map<String, Line> lines) {
    return lines.values().stream().mapToDouble(line -> line.cost).sum();
  }

  /**
   * Who should wait least of all, if somebody has to go: the organisation with most compute for its
   * weight in the least urgent class that waits, the newcomer counted in.
   *
   * @return null if that is the newcomer's own, in its own class, or if all that wait are more
   *     urgent
   */
  @Nullable Place heaviest(Sequence newcomer) {
    for (PriorityClass priority : List.of(PriorityClass.values()).reversed()) {
      if (priority.compareTo(newcomer.priority()) < 0) {
        return null;
      }
      Place heaviest = heaviest(priority, newcomer);
      if (priority == newcomer.priority() || heaviest != null) {
        return heaviest;
      }
    }
    return null;
  }

  /** An organisation in a class. */
  record Place(PriorityClass priority, String organisation) {}

  private @Nullable Place heaviest(PriorityClass priority, Sequence newcomer) {
    String heaviest = null;
    double most = 0;
    if (priority == newcomer.priority()) {
      Line own = lines(priority).get(newcomer.organisation());
      double cost = newcomer.expectedCost() + (own == null ? 0 : own.cost);
      most = cost / newcomer.weight();
    }
    for (Map.Entry<String, Line> line : lines(priority).entrySet()) {
      double cost = line.getValue().cost / line.getValue().weight;
      if (cost > most) {
        heaviest = line.getKey();
        most = cost;
      }
    }
    return heaviest == null ? null : new Place(priority, heaviest);
  }

  /** Whether the sums are those of the sequences that wait. */
  void check(Collection<Sequence> waiting) {
    int counted = 0;
    double cost = 0;
    for (Map<String, Line> lines : classes.values()) {
      for (Line line : lines.values()) {
        unless(line.sequences > 0, "an organisation that waits has a sequence");
        counted += line.sequences;
        cost += line.cost;
      }
    }
    unless(counted == waiting.size(), "backlog = waiting", counted, waiting.size());
    double expected = waiting.stream().mapToDouble(Sequence::expectedCost).sum();
    boolean equal = Math.abs(cost - expected) <= 1e-6 * Math.max(1, expected);
    unless(equal, "the backlog is the compute of those who wait");
  }
}
