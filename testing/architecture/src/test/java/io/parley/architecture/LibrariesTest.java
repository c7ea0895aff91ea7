package io.parley.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which library may be used where. */
@AnalyzeClasses(packages = "io.parley", importOptions = ImportOption.DoNotIncludeTests.class)
class LibrariesTest {
  @ArchTest
  static final ArchRule vectorsStayInTheKernels =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.parley.model.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator.vector..")
          .because("the Vector API is incubating: one package has to follow its changes");

  @ArchTest
  static final ArchRule nativeCallsStayInTheKernels =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.parley.model.kernel..", "io.parley.bench.peers..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.foreign.Linker")
          .because("a wrong native signature kills the process, so there is one place to look");

  @ArchTest
  static final ArchRule vertxStaysAtTheEdge =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.parley..http..", "io.parley.web..", "io.parley.server..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "io.netty..")
          .because("only what speaks HTTP should change when the HTTP library does");

  @ArchTest
  static final ArchRule libtorchStaysInTraining =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.parley.training..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..")
          .because("serving must not need a hundred megabytes of training libraries");

  @ArchTest
  static final ArchRule commandLinesStayInTheirPackages =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.parley..cli..", "io.parley.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..")
          .because("what a program does must not depend on how it is called");

  @ArchTest
  static final ArchRule engineHasNoThreadsNoClockAndNoInputOrOutput =
      noClasses()
          .that()
          .resideInAPackage("io.parley.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.util.concurrent..", "java.nio.file..", "java.nio.channels..", "java.net..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.Thread")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching("java\\.io\\.(File|.*(Stream|Reader|Writer|Channel))(\\$.*)?")
          .because("the step machine runs the same in production and in a simulation");
}
