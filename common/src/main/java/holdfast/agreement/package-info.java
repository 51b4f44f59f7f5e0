/**
 * What a gateway says it does with what it carries, and whether a client can live with that (PROTOCOL.md section 9.1). Words and judgement only; frames carry
 * the words, and the programs act.
 *
 * <p>Imports nothing of Holdfast.
 */
@NullMarked
package holdfast.agreement;

import org.jspecify.annotations.NullMarked;
