package io.parley.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which part may know which: the arrows of the design. */
@AnalyzeClasses(packages = "io.parley", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
  private static final String COMMON = "io.parley.common..";
  private static final String CONCURRENT = "io.parley.concurrent..";
  private static final String PORTS = "io.parley.ports..";
  private static final String MODEL = "io.parley.model..";
  private static final String ENGINE = "io.parley.engine..";
  private static final String SERVING = "io.parley.serving..";
  private static final String TRAINING = "io.parley.training..";
  private static final String SAFETY = "io.parley.safety..";
  private static final String GATEWAY = "io.parley.gateway..";
  private static final String CHAT = "io.parley.chat..";
  private static final String WEB = "io.parley.web..";
  private static final String EMBEDDED = "io.parley.embedded..";
  private static final String SERVER = "io.parley.server..";
  private static final String BENCH = "io.parley.bench..";
  private static final String SIMULATION = "io.parley.simulation..";

  @ArchTest
  static final ArchRule arrowsPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("common")
          .definedBy(COMMON)
          .layer("concurrent")
          .definedBy(CONCURRENT)
          .layer("ports")
          .definedBy(PORTS)
          .layer("model")
          .definedBy(MODEL)
          .layer("engine")
          .definedBy(ENGINE)
          .layer("serving")
          .definedBy(SERVING)
          .layer("training")
          .definedBy(TRAINING)
          .layer("services")
          .definedBy(SAFETY, GATEWAY, CHAT)
          .layer("adapters")
          .definedBy(EMBEDDED)
          .layer("web")
          .definedBy(WEB)
          .layer("server")
          .definedBy(SERVER)
          .layer("bench")
          .definedBy(BENCH)
          .layer("simulation")
          .definedBy(SIMULATION)
          .whereLayer("common")
          .mayNotAccessAnyLayer()
          .whereLayer("concurrent")
          .mayNotAccessAnyLayer()
          .whereLayer("ports")
          .mayOnlyAccessLayers("common")
          .whereLayer("model")
          .mayOnlyAccessLayers("common")
          .whereLayer("engine")
          .mayOnlyAccessLayers("common")
          .whereLayer("serving")
          .mayOnlyAccessLayers("common", "concurrent", "ports", "model", "engine")
          .whereLayer("training")
          .mayOnlyAccessLayers("common", "concurrent", "ports", "model", "engine", "serving")
          .whereLayer("services")
          .mayOnlyAccessLayers("common", "concurrent", "ports")
          .whereLayer("adapters")
          .mayOnlyAccessLayers("common", "concurrent", "ports")
          .whereLayer("web")
          .mayNotAccessAnyLayer()
          .whereLayer("server")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("bench")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("bench")
          .mayOnlyAccessLayers(
              "common", "ports", "model", "engine", "serving", "services", "adapters")
          .whereLayer("simulation")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("simulation")
          .mayOnlyAccessLayers("common", "model", "engine", "serving")
          .because(
              "services and adapters that know only ports can be exchanged, and each part can be"
                  + " read without the others");

  @ArchTest
  static final ArchRule baseStandsOnThePlatformAlone =
      classes()
          .that()
          .resideInAPackage(COMMON)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(COMMON, "java..", "org.jspecify..")
          .because("whatever common depends on, everything depends on");

  @ArchTest
  static final ArchRule concurrencyIsALibraryInItsOwnRight =
      classes()
          .that()
          .resideInAPackage(CONCURRENT)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(CONCURRENT, "java..", "org.jspecify..")
          .because("who wants its queue must not get a platform with it");

  @ArchTest
  static final ArchRule portsNameNoEngineBelow =
      classes()
          .that()
          .resideInAPackage(PORTS)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(PORTS, COMMON, "java..", "org.jspecify..", "org.jdbi..")
          .because("a port that names a driver is an adapter");

  @ArchTest
  static final ArchRule driversStayInTheirAdapters =
      noClasses()
          .that()
          .resideOutsideOfPackage(EMBEDDED)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.sqlite..", "org.flywaydb..", "org.rocksdb..", "org.apache.lucene..")
          .because("the same statements have to run on every database");

  @ArchTest
  static final ArchRule servicesUseOnlyTheFaceOfAnother =
      noClasses()
          .that()
          .resideOutsideOfPackage(SAFETY)
          .and()
          .resideOutsideOfPackages(SERVER, BENCH)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.parley.safety.*..")
          .because("the inside of a service may change without asking the others");

  @ArchTest
  static final ArchRule safetyKnowsNoGateway =
      noClasses()
          .that()
          .resideInAPackage(SAFETY)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(GATEWAY)
          .because("gates guard whatever is in front of them");

  @ArchTest
  static final ArchRule chatAndGatewayKnowOnlyPorts =
      noClasses()
          .that()
          .resideInAPackage(CHAT)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(GATEWAY, SAFETY)
          .because("chat is a customer of the Messages API like any other");

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices()
          .matching("io.parley.(**)")
          .should()
          .beFreeOfCycles()
          .because("packages that need each other are one package");
}
