package holdfast.itest.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677) with Holdfast's channel binding, both sides, each message a line. The user is alice with the password "pencil".
 */
public final class Scram {
    private static final String GS2 = "p=holdfast,,";
    private static final String CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_NONCE = "hvYDpWUa2RaTCAfuxFIlj";
    private static final byte[] SALT = "an example salt".getBytes(StandardCharsets.US_ASCII);
    private static final int ROUNDS = 4096;
    private static final char[] PASSWORD = "pencil".toCharArray();

    private Scram() {}

    /** What {@link #login} returns if both sides have proved what they know. */
    public static final String WELCOME = "welcome";

    /** Logs in; returns {@link #WELCOME}, or what the server says instead. */
    public static String login(Socket socket, byte[] binding) throws Exception {
        BufferedReader in = reader(socket);
        String bare = "n=alice,r=" + CLIENT_NONCE;
        say(socket, GS2 + bare);
        String serverFirst = in.readLine();
        String withoutProof = "c=" + base64(bound(binding)) + ",r=" + CLIENT_NONCE + SERVER_NONCE;
        String all = bare + "," + serverFirst + "," + withoutProof;
        byte[] clientKey = hmac(saltedPassword(), "Client Key");
        byte[] proof = xor(clientKey, hmac(sha256(clientKey), all));
        say(socket, withoutProof + ",p=" + base64(proof));
        String verdict = String.valueOf(in.readLine());
        return verdict.equals("v=" + base64(hmac(hmac(saltedPassword(), "Server Key"), all))) ? WELCOME : verdict;
    }

    /** Serves one login on a connection that has this binding for the server. Returns whether it succeeded. */
    static boolean serve(Socket socket, BufferedReader in, byte[] binding) throws Exception {
        String clientFirst = in.readLine();
        if (clientFirst == null) {
            throw new IOException("nobody wants to log in");
        }
        if (!clientFirst.startsWith(GS2)) {
            return refuse(socket, "unsupported-channel-binding-type");
        }
        String bare = clientFirst.substring(GS2.length());
        String serverFirst = "r=" + CLIENT_NONCE + SERVER_NONCE + ",s=" + base64(SALT) + ",i=" + ROUNDS;
        say(socket, serverFirst);
        String clientFinal = in.readLine();
        int proofAt = clientFinal.lastIndexOf(",p=");
        String withoutProof = clientFinal.substring(0, proofAt);
        if (!withoutProof.startsWith("c=" + base64(bound(binding)) + ",")) {
            return refuse(socket, "channel-bindings-dont-match");
        }
        String all = bare + "," + serverFirst + "," + withoutProof;
        byte[] proof = Base64.getDecoder().decode(clientFinal.substring(proofAt + 3));
        byte[] storedKey = sha256(hmac(saltedPassword(), "Client Key"));
        if (!MessageDigest.isEqual(sha256(xor(proof, hmac(storedKey, all))), storedKey)) {
            return refuse(socket, "invalid-proof");
        }
        say(socket, "v=" + base64(hmac(hmac(saltedPassword(), "Server Key"), all)));
        return true;
    }

    private static boolean refuse(Socket socket, String reason) throws IOException {
        say(socket, "e=" + reason);
        return false;
    }

    private static byte[] bound(byte[] binding) {
        byte[] header = GS2.getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[header.length + binding.length];
        System.arraycopy(header, 0, all, 0, header.length);
        System.arraycopy(binding, 0, all, header.length, binding.length);
        return all;
    }

    private static byte[] saltedPassword() throws GeneralSecurityException {
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(PASSWORD, SALT, ROUNDS, 256))
                .getEncoded();
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static byte[] xor(byte[] one, byte[] other) {
        byte[] both = one.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] ^= other[i];
        }
        return both;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }
}
