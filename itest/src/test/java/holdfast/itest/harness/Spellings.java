package holdfast.itest.harness;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Addresses of the inner world of a gateway, in every spelling that has ever got past a check. */
public final class Spellings {
    /** 127.0.0.1 itself is allowed to the beds of all tests. */
    private static final List<String> INNER = List.of(
            "127.0.0.2",
            "127.1.2.3",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255");

    private static final List<String> INNER_6 = List.of(
            "::",
            "::2",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "100::1",
            "64:ff9b:1::1",
            "2001:db8::1",
            "0000:0000:0000:0000:0000:0000:0000:0002");

    private Spellings() {}

    /** More than 300 of them. */
    public static Set<String> inner() {
        Set<String> all = new LinkedHashSet<>(INNER_6);
        INNER.forEach(each -> all.addAll(of(each)));
        return all;
    }

    /** Ways in which programs, browsers and libraries have written an IPv4 address, or hidden one in IPv6. */
    private static List<String> of(String dotted) {
        String[] parts = dotted.split("\\.", -1);
        int[] b = new int[4];
        for (int i = 0; i < 4; i++) {
            b[i] = Integer.parseInt(parts[i]);
        }
        long all = (long) b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3];
        String high = Integer.toHexString(b[0] << 8 | b[1]);
        String low = Integer.toHexString(b[2] << 8 | b[3]);
        String notHigh = Integer.toHexString(~(b[0] << 8 | b[1]) & 0xffff);
        String notLow = Integer.toHexString(~(b[2] << 8 | b[3]) & 0xffff);
        List<String> spellings = new ArrayList<>(List.of(
                dotted,
                dotted + ".",
                Long.toString(all),
                "0x" + Long.toHexString(all),
                "0" + Long.toOctalString(all),
                String.format("0x%x.0x%x.0x%x.0x%x", b[0], b[1], b[2], b[3]),
                String.format("0%o.0%o.0%o.0%o", b[0], b[1], b[2], b[3]),
                String.format("%03d.%03d.%03d.%03d", b[0], b[1], b[2], b[3]),
                b[0] + "." + ((b[1] << 16) | (b[2] << 8) | b[3]),
                b[0] + "." + b[1] + "." + ((b[2] << 8) | b[3]),
                dotted + "%00.example.com",
                " " + dotted,
                "[::ffff:" + dotted + "]",
                "::" + dotted,
                "64:ff9b::" + dotted,
                "64:ff9b::" + high + ":" + low,
                "64:ff9b:1::" + dotted,
                "2002:" + high + ":" + low + "::1",
                "2001:0:" + high + ":" + low + "::1",
                "2001:0:808:808:0:0:" + notHigh + ":" + notLow,
                "2a00:1450::5efe:" + dotted,
                "2a00:1450::200:5efe:" + high + ":" + low,
                dotted.replace('0', '\uff10').replace('1', '\uff11').replace('2', '\uff12'),
                dotted.replace('.', '\u3002')));
        if (!dotted.startsWith("127.0.0.1")) {
            spellings.add("::ffff:" + high + ":" + low);
        }
        return spellings;
    }
}
