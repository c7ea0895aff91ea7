package io.parley.embedded.rocks;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who wants to be woken, by what for. Thread-safe; nothing here blocks. */
final class Subscribers {
  private final ConcurrentHashMap<String, Set<Wish>> wishes = new ConcurrentHashMap<>();

  /** One subscription; two with the same runnable are two. */
  private static final class Wish {
    final Runnable wake;

    Wish(Runnable wake) {
      this.wake = wake;
    }
  }

  /** Adds one; what is returned takes it away again. */
  Runnable add(String name, Runnable wake) {
    Wish wish = new Wish(wake);
    wishes.compute(
        name,
        (same, known) -> {
          Set<Wish> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(wish);
          return all;
        });
    return () -> remove(name, wish);
  }

  private void remove(String name, Wish wish) {
    wishes.computeIfPresent(
        name,
        (same, known) -> {
          known.remove(wish);
          return known.isEmpty() ? null : known;
        });
  }

  void wake(String name) {
    Set<Wish> known = wishes.get(name);
    if (known != null) {
      known.forEach(wish -> wish.wake.run());
    }
  }
}
