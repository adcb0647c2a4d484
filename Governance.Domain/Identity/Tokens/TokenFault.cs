namespace Governance.Domain.Identity.Tokens;

/// <summary>Why an access token is refused. It is for logs and tests; the caller is told only that the token is not valid.</summary>
public enum TokenFault
{
    /// <summary>Not three parts of canonical base64url, too long, or a signature that is not of 64 octets.</summary>
    Malformed,

    /// <summary>The header is not a JSON object with each name once.</summary>
    MalformedHeader,

    /// <summary>The header says more than <c>alg</c>, <c>typ</c> and <c>kid</c>: a key, where to find one, or an extension.</summary>
    ForbiddenHeader,

    /// <summary><c>alg</c> is not ES256.</summary>
    WrongAlgorithm,

    /// <summary><c>typ</c> is not at+jwt.</summary>
    WrongType,

    /// <summary><c>kid</c> is absent, or names no key of this installation.</summary>
    UnknownKey,

    /// <summary>The key that <c>kid</c> names did not sign this.</summary>
    WrongSignature,

    /// <summary>A claim is missing or not of its form.</summary>
    MalformedClaims,

    /// <summary><c>iss</c> is somebody else.</summary>
    WrongIssuer,

    /// <summary><c>aud</c> is somebody else.</summary>
    WrongAudience,

    /// <summary>Before <c>nbf</c>, or issued in the future.</summary>
    NotYetValid,

    /// <summary>At or after <c>exp</c>.</summary>
    Expired,

    /// <summary>The family it was issued in has ended, or its person may no longer use it. Needs the database to tell.</summary>
    Ended,
}
