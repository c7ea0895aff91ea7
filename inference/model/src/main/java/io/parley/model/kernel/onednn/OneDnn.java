package io.parley.model.kernel.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Cleaner;
import java.nio.file.Path;

/**
 * The library, loaded for the life of the process. Thread-safe.
 *
 * <p>It is held to the instructions of AVX-512 with BF16 ({@code VDPBF16PS}), also on processors
 * with matrix units: those add in another order, and the same product by vectors, which small
 * batches use, would have other bits.
 *
 * <p>It brings a pool of OpenMP threads. Products here are made by threads that are shared out
 * already, so each is told to compute alone ({@link #computeAlone}), and the pool is never started.
 */
@SuppressWarnings("restricted") // Native calls are what it is for.
public final class OneDnn {
  private static final int CPU = 1;
  private static final int AVX512_BF16 = 0xe7;

  final MemorySegment engine;
  final MethodHandle setDataHandle;
  final MethodHandle execute;
  private final MethodHandle setThreads;
  private final SymbolLookup symbols;
  private final Cleaner cleaner = Cleaner.create();

  private OneDnn(SymbolLookup symbols, SymbolLookup openMp) {
    this.symbols = symbols;
    this.setThreads =
        Linker.nativeLinker()
            .downcallHandle(
                openMp.findOrThrow("omp_set_num_threads"), FunctionDescriptor.ofVoid(JAVA_INT));
    this.setDataHandle =
        Linker.nativeLinker()
            .downcallHandle(
                symbols.findOrThrow("dnnl_memory_set_data_handle"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG),
                Linker.Option.critical(false));
    this.execute = handle("dnnl_primitive_execute", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
    call("dnnl_set_max_cpu_isa", AVX512_BF16);
    requireBf16();
    engine = create("dnnl_engine_create", CPU, 0L);
  }

  /**
   * Loads the library from the class path by way of a directory.
   *
   * @param cache a directory of this user's, where libraries are unpacked to
   * @throws NativeCodeException that says what is missing
   */
  public static OneDnn load(Path cache) {
    try {
      Path directory = BundledLibraries.unpack(cache);
      return new OneDnn(
          library(directory.resolve("libdnnl.so.3")), library(directory.resolve("libgomp.so.1")));
    } catch (IOException | IllegalArgumentException e) {
      throw new NativeCodeException("oneDNN cannot be loaded: " + e.getMessage(), e);
    }
  }

  private static SymbolLookup library(Path file) {
    return SymbolLookup.libraryLookup(file, Arena.global());
  }

  private void requireBf16() {
    int isa = call(handle("dnnl_get_effective_cpu_isa"));
    if (isa != AVX512_BF16) {
      throw new NativeCodeException(
          "oneDNN finds no AVX-512 BF16 in this processor (its name for what it found is 0x%x)"
              .formatted(isa));
    }
  }

  /** Which release this is, such as 3.13.0. */
  public String version() {
    MemorySegment version =
        ((MemorySegment)
                invoke(
                    Linker.nativeLinker()
                        .downcallHandle(
                            symbols.findOrThrow("dnnl_version"), FunctionDescriptor.of(ADDRESS))))
            .reinterpret(12);
    return "%d.%d.%d"
        .formatted(
            version.getAtIndex(JAVA_INT, 0),
            version.getAtIndex(JAVA_INT, 1),
            version.getAtIndex(JAVA_INT, 2));
  }

  /** Tells the library that the calling thread has no others; to be called before products run. */
  public void computeAlone() {
    try {
      setThreads.invokeExact(1);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Calls a function that returns a status and puts what it makes where its first argument is. */
  MemorySegment create(String name, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment place = arena.allocate(ADDRESS);
      Object[] all = new Object[arguments.length + 1];
      all[0] = place;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      call(name, all);
      return place.get(ADDRESS, 0);
    }
  }

  /** Calls a function that returns a status. */
  void call(String name, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < layouts.length; i++) {
      layouts[i] = layout(arguments[i]);
    }
    int status = call(handle(name, layouts), arguments);
    if (status != 0) {
      throw new NativeCodeException("%s failed with status %d".formatted(name, status));
    }
  }

  private static MemoryLayout layout(Object argument) {
    return switch (argument) {
      case Integer i -> JAVA_INT;
      case Long l -> JAVA_LONG;
      case Float f -> JAVA_FLOAT;
      case MemorySegment s -> ADDRESS;
      default -> throw new IllegalArgumentException("no C type for " + argument.getClass());
    };
  }

  private MethodHandle handle(String name, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(symbols.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static int call(MethodHandle function, Object... arguments) {
    return (int) invoke(function, arguments);
  }

  private static Object invoke(MethodHandle function, Object... arguments) {
    try {
      return function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Destroys objects of the library once nobody can reach their owner. */
  void destroyWith(Object owner, String function, MemorySegment... objects) {
    cleaner.register(
        owner,
        () -> {
          for (MemorySegment object : objects) {
            call(function, object);
          }
        });
  }
}
