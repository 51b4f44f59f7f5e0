package holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonTest {
    @Test
    void objectsArraysAndValuesAreWrittenInTheirOrder() {
        Map<String, Object> session = new LinkedHashMap<>();
        session.put("id", "4f1c22aa");
        session.put("paths", List.of(1, 2L, 1.5, new BigDecimal("1e3")));
        session.put("up", true);
        session.put("inner", Map.of("empty", List.of()));

        assertThat(Json.write(session))
                .isEqualTo("{\"id\":\"4f1c22aa\",\"paths\":[1,2,1.5,1E+3],\"up\":true,\"inner\":{\"empty\":[]}}");
    }

    @Test
    void nullIsNull() {
        assertThat(Json.write(null)).isEqualTo("null");
        assertThat(Json.write(new ArrayList<>(Arrays.asList("a", null)))).isEqualTo("[\"a\",null]");
    }

    @Test
    void whatJsonWouldMisreadIsEscaped() {
        assertThat(Json.write("\"\\\n\r\t\b\f\u0000\u001f\u2028/é\ud83d\ude00"))
                .isEqualTo("\"\\\"\\\\\\n\\r\\t\\u0008\\u000c\\u0000\\u001f\\u2028/é\ud83d\ude00\"");
        assertThat(Json.write(Map.of("a\"b", "\ud800"))).isEqualTo("{\"a\\\"b\":\"\\ud800\"}");
    }

    @Test
    void whatHasNoJsonFormIsRefused() {
        assertThatThrownBy(() -> Json.write(Double.NaN)).hasMessage("JSON has no number NaN");
        assertThatThrownBy(() -> Json.write(Float.POSITIVE_INFINITY)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.write(new Object())).hasMessage("no JSON for a java.lang.Object");
        assertThatThrownBy(() -> Json.write(Map.of(1, 2))).isInstanceOf(IllegalArgumentException.class);
    }
}
