package io.parley.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Random;
import org.jspecify.annotations.NullMarked;

/** What code of this project does not do, and where the one exception lives. */
final class HouseRules {
  private static final String TIME_HOME = "io.parley.common.SystemTime";
  private static final String[] PROGRAMS = {"io.parley..cli..", "io.parley.bench.."};

  /** Time is passed in. */
  static final ArchRule TIME_IS_PASSED_IN =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(TIME_HOME)
          .should()
          .callMethodWhere(
              target(nameMatching("nanoTime|currentTimeMillis"))
                  .and(targetOwner(name("java.lang.System"))))
          .orShould()
          .callMethodWhere(target(name("now")).and(targetOwner(nameMatching("java\\.time\\..*"))))
          .orShould()
          .callMethodWhere(
              target(nameMatching("system.*")).and(targetOwner(name("java.time.Clock"))))
          .because("code that is given its TimeSource can be tested and simulated");

  /** Nobody sleeps. */
  static final ArchRule NOBODY_SLEEPS =
      noClasses()
          .should()
          .callMethodWhere(target(name("sleep")).and(targetOwner(name("java.lang.Thread"))))
          .because("a wait has an event or a deadline; a sleep has neither");

  /** Randomness is passed in. */
  static final ArchRule RANDOMNESS_IS_PASSED_IN =
      noClasses()
          .should()
          .callConstructor(Random.class)
          .orShould()
          .callMethodWhere(target(name("random")).and(targetOwner(name("java.lang.Math"))))
          .because("a run that used an unknown seed cannot be repeated");

  /** Output is passed in. */
  static final ArchRule OUTPUT_IS_PASSED_IN =
      noClasses()
          .that()
          .resideOutsideOfPackages(PROGRAMS)
          .should()
          .accessFieldWhere(
              target(nameMatching("out|err")).and(targetOwner(name("java.lang.System"))))
          .because("a library that prints cannot be used by a program that must not");

  /** The process is ended by programs alone. */
  static final ArchRule PROGRAMS_END_THEMSELVES =
      noClasses()
          .that()
          .resideOutsideOfPackages(PROGRAMS)
          .should()
          .callMethodWhere(
              target(nameMatching("exit|halt"))
                  .and(targetOwner(nameMatching("java\\.lang\\.(System|Runtime)"))))
          .because("only the main program knows what else is running");

  /** Names say what a class is. */
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Impl")
          .because("a name that fits everything attracts everything");

  /** Every package says what it is, and that nothing in it is null unless it says so. */
  static final ArchRule PACKAGES_ARE_NULL_MARKED =
      classes()
          .should(
              new ArchCondition<JavaClass>("live in a package with a @NullMarked package-info") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                  boolean marked = item.getPackage().isAnnotatedWith(NullMarked.class);
                  String message = item.getPackageName() + " of " + item.getSimpleName();
                  events.add(new SimpleConditionEvent(item, marked, message));
                }
              })
          .because("a reader begins at the package-info, and NullAway checks what is marked");

  private HouseRules() {}
}
