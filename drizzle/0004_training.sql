CREATE TABLE "training_runs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"version" integer NOT NULL,
	"engine" text NOT NULL,
	"state" text NOT NULL,
	"delivery" uuid DEFAULT gen_random_uuid() NOT NULL,
	"pending" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"new_ms" bigint NOT NULL,
	"progress" real,
	"message" text,
	"logs_url" text,
	"scores" jsonb,
	"model_id" text,
	"replaced_model_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "training_runs_version_unique" UNIQUE("version")
);
--> statement-breakpoint
CREATE INDEX "training_runs_due" ON "training_runs" USING btree ("due_at");