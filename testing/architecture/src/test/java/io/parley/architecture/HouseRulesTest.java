package io.parley.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.LocalDate;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The project keeps the house rules, and the rules would notice if it did not. */
@AnalyzeClasses(packages = "io.parley", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTest {
  @ArchTest static final ArchRule time = HouseRules.TIME_IS_PASSED_IN;
  @ArchTest static final ArchRule sleep = HouseRules.NOBODY_SLEEPS;
  @ArchTest static final ArchRule randomness = HouseRules.RANDOMNESS_IS_PASSED_IN;
  @ArchTest static final ArchRule output = HouseRules.OUTPUT_IS_PASSED_IN;
  @ArchTest static final ArchRule exit = HouseRules.PROGRAMS_END_THEMSELVES;
  @ArchTest static final ArchRule names = HouseRules.NAMES_SAY_WHAT_A_CLASS_IS;
  @ArchTest static final ArchRule packages = HouseRules.PACKAGES_ARE_NULL_MARKED;

  @Test
  void noticeWhoAsksTheClock() {
    assertThat(catches(HouseRules.TIME_IS_PASSED_IN, AsksTheClock.class)).isTrue();
    assertThat(catches(HouseRules.TIME_IS_PASSED_IN, AsksTheCalendar.class)).isTrue();
  }

  @Test
  void noticeWhoSleeps() {
    assertThat(catches(HouseRules.NOBODY_SLEEPS, Sleeps.class)).isTrue();
  }

  @Test
  void noticeWhoRollsDiceWithoutASeed() {
    assertThat(catches(HouseRules.RANDOMNESS_IS_PASSED_IN, RollsDice.class)).isTrue();
    assertThat(catches(HouseRules.RANDOMNESS_IS_PASSED_IN, RollsSeededDice.class)).isFalse();
  }

  @Test
  void noticeWhoPrintsAndWhoExits() {
    assertThat(catches(HouseRules.OUTPUT_IS_PASSED_IN, Prints.class)).isTrue();
    assertThat(catches(HouseRules.PROGRAMS_END_THEMSELVES, Exits.class)).isTrue();
  }

  @Test
  void noticeEmptyNames() {
    assertThat(catches(HouseRules.NAMES_SAY_WHAT_A_CLASS_IS, ThingManager.class)).isTrue();
  }

  private static boolean catches(ArchRule rule, Class<?> offender) {
    return rule.evaluate(new ClassFileImporter().importClasses(offender)).hasViolation();
  }

  static final class AsksTheClock {
    long now() {
      return System.nanoTime();
    }
  }

  static final class AsksTheCalendar {
    LocalDate today() {
      return LocalDate.now(java.time.ZoneOffset.UTC);
    }
  }

  static final class Sleeps {
    void nap() throws InterruptedException {
      Thread.sleep(1);
    }
  }

  static final class RollsDice {
    int roll() {
      return new Random().nextInt(6);
    }
  }

  static final class RollsSeededDice {
    int roll() {
      return new Random(1).nextInt(6);
    }
  }

  static final class Prints {
    void print() {
      System.err.println();
    }
  }

  static final class Exits {
    void exit() {
      System.exit(1);
    }
  }

  static final class ThingManager {}
}
