using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ReportIntake.Domain.Results;

/// <summary>What every outcome of a use case can tell, whatever its value: used by the pipeline, which knows no value types.</summary>
public interface IResult<TSelf> where TSelf : IResult<TSelf>
{
    Error? Error { get; }

    static abstract TSelf Failure(Error error);

    /// <summary>A success as JSON, kept to answer a repeated request the same.</summary>
    byte[] ToJson();

    /// <summary>What <see cref="ToJson"/> wrote.</summary>
    static abstract TSelf FromJson(ReadOnlySpan<byte> json);
}

/// <summary>Done, or refused with an <see cref="Results.Error"/>. Refusals are values; bugs are exceptions.</summary>
public readonly record struct Result : IResult<Result>
{
    private Result(Error? error) => Error = error;

    public Error? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    public static Result Success => default;

    /// <summary>A value whose type is an interface: the language allows no implicit conversion from one.</summary>
    public static Result<T> Of<T>(T value) => Result<T>.From(value);

    public static Result Failure(Error error) => new(error);

    public byte[] ToJson() => [];

    public static Result FromJson(ReadOnlySpan<byte> json) => Success;

    public static implicit operator Result(Error error) => new(error);
}

/// <summary>A value, or a refusal.</summary>
public readonly record struct Result<T> : IResult<Result<T>>
{
    private readonly T? value;

    private Result(T? value, Error? error) => (this.value, Error) = (value, error);

    public Error? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>The value; asking a refusal for it is a bug.</summary>
    public T Value => IsSuccess ? value! : throw new InvalidOperationException($"No value: {Error.Code}");

    internal static Result<T> From(T value) => new(value, null);

    public static Result<T> Failure(Error error) => new(default, error);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(Value);

    public static Result<T> FromJson(ReadOnlySpan<byte> json) => new(JsonSerializer.Deserialize<T>(json), null);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);
}
