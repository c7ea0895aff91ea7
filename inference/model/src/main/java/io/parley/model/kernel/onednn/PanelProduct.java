package io.parley.model.kernel.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * One product of fixed shape: rows of activations (BF16) times panels of weights (BF16), to rows of
 * sums (F32). Not thread-safe, and computes on the calling thread.
 *
 * <p>Weights stand {@code [panel of 32 outputs][pair of columns][output][column of the pair]},
 * which the library calls BA16a32b2a and reads as it is; sums stand row by row without gaps.
 */
@SuppressWarnings("restricted") // Strings of the library are of unknown length.
public final class PanelProduct {
  /** Outputs of a panel. */
  public static final int PANEL = 32;

  private static final int BF16 = 2;
  private static final int F32 = 3;
  private static final int TAG_AB = 3;
  private static final int TAG_BA16A32B2A = 382;
  private static final int SOURCE = 1;
  private static final int WEIGHTS = 33;
  private static final int DESTINATION = 17;
  private static final int ARGUMENT_BYTES = 16;

  /**
   * Of what shape a product is.
   *
   * @param rows of activations
   * @param columns a multiple of 32
   * @param panels of weights, 1 or more
   * @param stride elements from one row of activations to the next
   * @param adds whether the product is added to the sums that are there, or replaces them
   */
  public record Shape(int rows, int columns, int panels, int stride, boolean adds) {}

  private final OneDnn oneDnn;
  private final MemorySegment primitive;
  private final MemorySegment stream;
  private final MemorySegment source;
  private final MemorySegment destination;
  private final MemorySegment arguments;
  private final MemorySegment weightsOwner;

  /**
   * Makes a product; the first of its shape has machine code written for it, which takes some
   * milliseconds.
   *
   * @param weights where they will stand whenever it runs, off the heap
   * @throws NativeCodeException if the library has no fast code for the shape
   */
  public PanelProduct(OneDnn oneDnn, Shape shape, MemorySegment weights) {
    this.oneDnn = oneDnn;
    this.weightsOwner = weights;
    this.arguments = Arena.ofAuto().allocate(3 * ARGUMENT_BYTES, 8);
    try (Arena arena = Arena.ofConfined()) {
      int outputs = shape.panels() * PANEL;
      MemorySegment a =
          oneDnn.create(
              "dnnl_memory_desc_create_with_strides",
              2,
              dimensions(arena, shape.rows(), shape.columns()),
              BF16,
              dimensions(arena, shape.stride(), 1));
      MemorySegment b = tagged(arena, shape.columns(), outputs, BF16, TAG_BA16A32B2A);
      MemorySegment c = tagged(arena, shape.rows(), outputs, F32, TAG_AB);
      primitive = primitive(a, b, c, shape.adds());
      stream = oneDnn.create("dnnl_stream_create", oneDnn.engine, 1);
      source = memory(a, MemorySegment.NULL);
      MemorySegment weightsMemory = memory(b, weights);
      destination = memory(c, MemorySegment.NULL);
      argument(0, SOURCE, source);
      argument(1, WEIGHTS, weightsMemory);
      argument(2, DESTINATION, destination);
      for (MemorySegment description : new MemorySegment[] {a, b, c}) {
        oneDnn.call("dnnl_memory_desc_destroy", description);
      }
      oneDnn.destroyWith(this, "dnnl_primitive_destroy", primitive);
      oneDnn.destroyWith(this, "dnnl_stream_destroy", stream);
      oneDnn.destroyWith(this, "dnnl_memory_destroy", source, weightsMemory, destination);
    }
  }

  private static MemorySegment dimensions(Arena arena, long first, long second) {
    return arena.allocateFrom(JAVA_LONG, first, second);
  }

  private MemorySegment tagged(Arena arena, int first, int second, int type, int tag) {
    return oneDnn.create(
        "dnnl_memory_desc_create_with_tag", 2, dimensions(arena, first, second), type, tag);
  }

  private MemorySegment primitive(MemorySegment a, MemorySegment b, MemorySegment c, boolean adds) {
    MemorySegment attributes = oneDnn.create("dnnl_primitive_attr_create");
    if (adds) {
      MemorySegment operations = oneDnn.create("dnnl_post_ops_create");
      oneDnn.call("dnnl_post_ops_append_sum", operations, 1f, 0, 0);
      oneDnn.call("dnnl_primitive_attr_set_post_ops", attributes, operations);
      oneDnn.call("dnnl_post_ops_destroy", operations);
    }
    MemorySegment description =
        oneDnn.create(
            "dnnl_matmul_primitive_desc_create",
            oneDnn.engine,
            a,
            b,
            MemorySegment.NULL,
            c,
            attributes);
    try {
      requireFast(description);
      return oneDnn.create("dnnl_primitive_create", description);
    } finally {
      oneDnn.call("dnnl_primitive_desc_destroy", description);
      oneDnn.call("dnnl_primitive_attr_destroy", attributes);
    }
  }

  /** The library has a reference for everything, a thousand times slower. */
  private void requireFast(MemorySegment description) {
    String name = implementation(description);
    if (!name.startsWith("brg_matmul")) {
      throw new NativeCodeException("oneDNN would compute with " + name);
    }
  }

  private String implementation(MemorySegment description) {
    try (Arena arena = Arena.ofConfined()) {
      int implementationName = 8;
      MemorySegment place = arena.allocate(ADDRESS);
      oneDnn.call("dnnl_primitive_desc_query", description, implementationName, 0, place);
      return place.get(ADDRESS, 0).reinterpret(256).getString(0);
    }
  }

  private MemorySegment memory(MemorySegment description, MemorySegment data) {
    return oneDnn.create("dnnl_memory_create", description, oneDnn.engine, data);
  }

  private void argument(int index, int role, MemorySegment memory) {
    arguments.set(JAVA_INT, (long) index * ARGUMENT_BYTES, role);
    arguments.set(ADDRESS, (long) index * ARGUMENT_BYTES + 8, memory);
  }

  /**
   * Computes, after {@link OneDnn#computeAlone} on the same thread.
   *
   * @param activations address of the first row
   * @param sums address of the first row
   */
  public void run(long activations, long sums) {
    try {
      int status = (int) oneDnn.setDataHandle.invokeExact(source, activations);
      status |= (int) oneDnn.setDataHandle.invokeExact(destination, sums);
      status |= (int) oneDnn.execute.invokeExact(primitive, stream, 3, arguments);
      if (status != 0) {
        throw new NativeCodeException("dnnl_primitive_execute failed with status " + status);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    } finally {
      Reference.reachabilityFence(weightsOwner);
    }
  }
}
