package io.parley.model.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vectors of this machine. */
final class Lanes {
  /** The widest vectors of floats. */
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** How many lanes they have. */
  static final int COUNT = FLOATS.length();

  /** Vectors of as many ints. */
  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

  /** Vectors of as many bytes; there are none for fewer than eight lanes. */
  static final VectorSpecies<Byte> BYTES =
      COUNT < 8
          ? ByteVector.SPECIES_64
          : VectorSpecies.of(byte.class, VectorShape.forBitSize(COUNT * Byte.SIZE));

  /** Vectors of as many shorts. */
  static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Math.max(64, COUNT * Short.SIZE)));

  /** Eight floats: the stripes of a sum. */
  static final VectorSpecies<Float> STRIPES = FloatVector.SPECIES_256;

  /** Output rows that stand beside each other in a panel: two vectors. */
  static final int PANEL = 2 * COUNT;

  private Lanes() {}
}
